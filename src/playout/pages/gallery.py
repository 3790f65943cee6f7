"""The gallery, its searches, and the pages of creators and tags."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from starlette.requests import Request

from playout.core.principal import Principal
from playout.core.publications import gallery
from playout.core.publications.gallery import EVERYTHING, Match, Selection
from playout.core.videos.model import FEED
from playout.kit.errors import NotFound
from playout.kit.text import normalize
from playout.pages.feed import PAGE_SIZE, card, cursor_after, parse_cursor
from playout.pages.messages import Messages, messages
from playout.pages.render import render_gallery
from playout.pages.views import Facet, FacetGroup, GalleryView, Rendered
from playout.runtime import Runtime

MOST_LETTERS = 200
"""Characters of a search that are read."""
MOST_FACETS = 12
"""Facets of one kind that are shown."""


def path_of(selection: Selection, before: str = "") -> str:
    """Return the path of the page of a selection; `before` names the last video before it."""
    base = "/"
    rest = {
        "q": selection.words,
        "tag": selection.tag,
        "creator": selection.creator,
        "language": selection.language,
    }
    if selection == Selection(tag=selection.tag) != EVERYTHING:
        base, rest = f"/tags/{quote(selection.tag, safe='')}", {}
    elif selection == Selection(creator=selection.creator) != EVERYTHING:
        base, rest = f"/creators/{quote(selection.creator, safe='')}", {}
    query = urlencode({name: value for name, value in {**rest, "before": before}.items() if value})
    return f"{base}?{query}" if query else base


def selected(request: Request) -> Selection:
    """Return what a request to the gallery, to a creator or to a tag asks for."""
    slug = request.path_params.get("slug")
    if slug is not None:
        kind = "creator" if request.scope["route"].path.startswith("/creators/") else "tag"
        return Selection(**{kind: _stored(slug)})
    query = request.query_params
    return Selection(
        words=_stored(query.get("q", "")).strip(),
        **{kind.field: _stored(query.get(kind.field, "")) for kind in _KINDS},
    )


def _stored(text: str) -> str:
    """Return a text of an address as texts are stored, without what PostgreSQL cannot read."""
    return normalize(text[:MOST_LETTERS].replace("\0", "").encode(errors="ignore").decode())


def has_page(selection: Selection) -> bool:
    """Return whether a selection is the gallery, a creator or a tag, and no search."""
    return "?" not in path_of(selection)


def gallery_page(
    runtime: Runtime, selection: Selection, cursor: str, viewer: Principal | None = None
) -> Rendered:
    """Render a page of the gallery for a viewer; None is the public.

    `cursor` names the last video of the page before; it is "" for the first page. Raises `NotFound`
    for a cursor that is not valid, and for a creator or a tag without videos.
    """
    before = parse_cursor(cursor) if cursor else None
    with runtime.database.read_session() as session:
        matches = gallery.search(session, selection, PAGE_SIZE + 1, before, viewer)
        page = matches.found[:PAGE_SIZE]
        if not page and not cursor and has_page(selection) and selection != EVERYTHING:
            raise NotFound("There is no such page.")
        shown = gallery.videos(session, page)
    prefix, words = runtime.settings.address.prefix, messages(runtime.settings.language)
    slugs = {match.publication_id: match.creator_slug for match in page}
    more = len(matches.found) > PAGE_SIZE
    view = GalleryView(
        site_name=runtime.settings.site_name,
        base_url=runtime.settings.base_url,
        cards=tuple(card(runtime, each, slugs.get(each.publication.id)) for each in shown),
        url=path_of(selection, cursor),
        heading=name_of(page, selection) if has_page(selection) else "",
        words=selection.words,
        chosen=_chosen(page, selection, words, prefix),
        groups=() if cursor else _groups(matches.found, selection, words, prefix),
        counted=None if matches.are_all else len(matches.found),
        found=len(matches.found) if matches.are_all and not cursor else None,
        folder=path_of(selection).rstrip("/") if has_page(selection) else None,
        next_url=prefix + path_of(selection, cursor_after(page[-1].place)) if more else None,
        first_url=prefix + path_of(selection) if cursor else None,
        viewer=(viewer.full_name or viewer.name) if viewer else None,
        messages=words,
        prefix=prefix,
    )
    return Rendered(render_gallery(view), (FEED,))


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of facets: its field in a selection, and its title."""

    field: str
    title: str


_KINDS = (_Kind("tag", "Tags"), _Kind("creator", "Creators"), _Kind("language", "Languages"))


def _of(match: Match, kind: _Kind, words: Messages) -> Iterable[tuple[str, str]]:
    """Return the slugs and the names of what a match has of a kind, each slug once."""
    if kind.field == "tag":
        return dict(zip(match.tag_slugs, match.tags, strict=True)).items()
    if kind.field == "creator":
        return [(match.creator_slug or "", match.creator or "")]
    return [(match.language or "", _language(match.language or "", words))]


def _language(code: str, words: Messages) -> str:
    return str(words.locale.languages.get(code, code))


def _groups(
    found: list[Match], selection: Selection, words: Messages, prefix: str
) -> tuple[FacetGroup, ...]:
    """Return the facets of matches which others of them lack: the rest narrows nothing down."""
    groups = []
    for kind in _KINDS:
        names: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for match in found:
            for slug, name in _of(match, kind, words):
                counts[slug] += 1
                names.setdefault(slug, name)
        facets = tuple(
            Facet(name=names[slug], url=prefix + path_of(_with(selection, kind, slug)), count=count)
            for slug, count in counts.most_common()
            if slug and count < len(found) and slug != getattr(selection, kind.field)
        )[:MOST_FACETS]
        if facets and (kind.field == "tag" or not getattr(selection, kind.field)):
            groups.append(FacetGroup(title=kind.title, facets=facets))
    return tuple(groups)


def _with(selection: Selection, kind: _Kind, slug: str) -> Selection:
    changed: Selection = replace(selection, **{kind.field: slug})
    return changed


def _chosen(
    page: list[Match], selection: Selection, words: Messages, prefix: str
) -> tuple[Facet, ...]:
    """Return the facets of a search, each with the address of the search without it."""
    if has_page(selection):
        return ()
    return tuple(
        Facet(
            name=name_of(page, Selection(**{kind.field: slug}), words),
            url=prefix + path_of(_with(selection, kind, "")),
        )
        for kind in _KINDS
        if (slug := getattr(selection, kind.field))
    )


def name_of(page: list[Match], selection: Selection, words: Messages | None = None) -> str:
    """Return the name of a creator, tag or language as the newest match spells it."""
    if selection.language and words:
        return _language(selection.language, words)
    if not page:
        return selection.tag or selection.creator
    if selection.creator:
        return page[0].creator or selection.creator
    named = zip(page[0].tag_slugs, page[0].tags, strict=True)
    return next((name for slug, name in named if slug == selection.tag), selection.tag)
