"""Searches of the gallery: by words, tag, creator and language, newest first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    case,
    cast,
    literal,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session

from playout.core.playback.audience import watched_by
from playout.core.principal import Principal
from playout.core.publications.gallery_model import GalleryEntry
from playout.core.publications.model import Publication
from playout.core.publications.queries import Position, PublishedVideo, published
from playout.core.videos.model import Video
from playout.kit.database.search import search_query, search_terms

FIRST = 2_000
"""Videos among which words and facets are looked for before an index is asked for all of them."""
MOST_COUNTED = 1_000
"""The largest number of matches whose facets are counted."""
MOST_RELATED = 500
"""The newest videos, among which those are chosen that are shown beside another one."""
Rows = Select[*tuple[Any, ...]]
COLUMNS = (
    GalleryEntry.publication_id,
    GalleryEntry.created_at,
    GalleryEntry.creator,
    GalleryEntry.creator_slug,
    GalleryEntry.language,
    GalleryEntry.tags,
    GalleryEntry.tag_slugs,
)


@dataclass(frozen=True, slots=True)
class Selection:
    """A request for a part of the gallery: words, and slugs; "" is for any."""

    words: str = ""
    tag: str = ""
    creator: str = ""
    language: str = ""

    @property
    def facets(self) -> list[str]:
        """Return the facets that a video must have, as `GalleryEntry` has them."""
        kinds = ("tag", "creator", "language")
        return [f"{kind}/{getattr(self, kind)}" for kind in kinds if getattr(self, kind)]


EVERYTHING = Selection()


class Match(NamedTuple):
    """The entry of a video that was found."""

    publication_id: str
    created_at: datetime
    creator: str | None
    creator_slug: str | None
    language: str | None
    tags: Sequence[str]
    tag_slugs: Sequence[str]

    @property
    def place(self) -> Position:
        return self.created_at, self.publication_id


@dataclass(frozen=True, slots=True)
class Matches:
    """The newest matches of a search. `are_all` says that there are no others."""

    found: list[Match]
    are_all: bool


def search(
    session: Session,
    selection: Selection,
    limit: int,
    before: Position | None = None,
    viewer: Principal | None = None,
) -> Matches:
    """Return what a viewer may see, newest first: at least `limit` matches, or all that there are.

    `before` is the place of the last one of the page before. Without it, there are up to
    `MOST_COUNTED` matches, so that their facets can be counted.
    """
    most = MOST_COUNTED if before is None else limit
    found = _of_everybody(session, selection, limit, most, before)
    if viewer is None:
        return found
    own = _matches(session, _of_members(viewer, selection, before).limit(most))
    both = sorted([*found.found, *own], key=lambda match: match.place, reverse=True)
    return Matches(both[:most], found.are_all and len(both) <= most)


def videos(session: Session, matches: Collection[Match]) -> list[PublishedVideo]:
    """Return the videos of matches, in the order of these."""
    ids = [match.publication_id for match in matches]
    rows = session.execute(published().where(Publication.id.in_(ids))) if ids else ()
    of = {row[0].id: PublishedVideo(*row) for row in rows}
    return [of[each] for each in ids if each in of]


def entry(session: Session, publication: Publication) -> Match | None:
    """Return what the video of a publication is found by."""
    found = select(*COLUMNS).where(GalleryEntry.publication_id == publication.id)
    row = session.execute(found).one_or_none()
    return Match(*row) if row else None


def related(session: Session, publication: Publication, limit: int) -> list[PublishedVideo]:
    """Return public videos to watch after another: of its creator, with its tags, or new ones."""
    return videos(session, related_matches(session, publication, limit))


def related_matches(session: Session, publication: Publication, limit: int) -> list[Match]:
    """Return the entries of the videos that `related` returns."""
    of = entry(session, publication)
    near = _newest()
    facets = [f"tag/{slug}" for slug in of.tag_slugs] if of else []
    has_tag = near.c.facets.op("&&")(cast(facets, GalleryEntry.facets.type))
    is_of_creator = near.c.creator_slug == literal(of.creator_slug if of else "")
    likeness = case((is_of_creator, 1), else_=0) + case((has_tag, 1), else_=0)
    query = (
        select(*(near.c[column.key] for column in COLUMNS))
        .where(near.c.publication_id != publication.id)
        .order_by(likeness.desc(), near.c.created_at.desc(), near.c.publication_id.desc())
        .limit(limit)
    )
    return _matches(session, query)


def popular_matches(session: Session, limit: int) -> list[Match]:
    """Return the entries of the newest public videos, those first that are played most lately."""
    near = _newest()
    query = (
        select(*(near.c[column.key] for column in COLUMNS))
        .join(Publication, Publication.id == near.c.publication_id)
        .join(Video, Video.id == Publication.video_id)
        .order_by(Video.recent_plays.desc(), Video.plays.desc(), near.c.created_at.desc())
        .limit(limit)
    )
    return _matches(session, query)


def _newest() -> Subquery:
    newest = select(*COLUMNS, GalleryEntry.facets).where(GalleryEntry.is_public)
    return _newest_first(newest).limit(MOST_RELATED).subquery()


def _of_everybody(
    session: Session, selection: Selection, limit: int, most: int, before: Position | None
) -> Matches:
    public = _after(select(*COLUMNS).where(GalleryEntry.is_public), before)
    if selection in {EVERYTHING, Selection(creator=selection.creator)}:
        # An index has them in their order.
        if selection.creator:
            public = public.where(GalleryEntry.creator_slug == selection.creator)
        found = _matches(session, _newest_first(public).limit(most))
        return Matches(found, len(found) < most)
    found = _matches(session, _among_newest(public, selection).limit(most))
    if len(found) >= limit:
        return Matches(found, are_all=False)
    found = _matches(session, _among_all(public, selection).limit(most))
    return Matches(found, len(found) < most)


def _among_newest(public: Rows, selection: Selection) -> Rows:
    """Return the query of the matches among the newest videos, which an index has in order."""
    columns = public.add_columns(GalleryEntry.search, GalleryEntry.facets)
    newest = _newest_first(columns).limit(FIRST).subquery("newest")
    query = select(*(newest.c[column.key] for column in COLUMNS))
    query = query.where(*_conditions(selection, newest.c.search, newest.c.facets))
    return query.order_by(newest.c.created_at.desc(), newest.c.publication_id.desc())


def _among_all(public: Rows, selection: Selection) -> Rows:
    """Return the query of all matches, which the index of words and facets finds.

    They are ordered afterwards: PostgreSQL would read all videos in their order otherwise.
    """
    matching = public.where(*_conditions(selection, GalleryEntry.search, GalleryEntry.facets))
    found = matching.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    return select(found).order_by(found.c.created_at.desc(), found.c.publication_id.desc())


def _of_members(viewer: Principal, selection: Selection, before: Position | None) -> Rows:
    """Return the query of what is not public, and may be watched by a viewer all the same."""
    own = (
        select(*COLUMNS)
        .join(Publication, Publication.id == GalleryEntry.publication_id)
        .join(Video, Video.id == Publication.video_id)
        .where(GalleryEntry.is_public.is_(False), watched_by(viewer))
        .where(*_conditions(selection, GalleryEntry.search, GalleryEntry.facets))
    )
    if viewer.organization_id is not None:
        own = own.where(GalleryEntry.organization_id == viewer.organization_id)
    return _newest_first(_after(own, before))


def _conditions(
    selection: Selection, words: SQLColumnExpression[Any], facets: SQLColumnExpression[Any]
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [true()]
    if selection.words:
        terms = literal(search_terms(selection.words))
        conditions.append(words.op("@@")(search_query(terms)))
    if selection.facets:
        conditions.append(facets.op("@>")(cast(selection.facets, GalleryEntry.facets.type)))
    return conditions


def _after(query: Rows, before: Position | None) -> Rows:
    if before is None:
        return query
    return query.where(tuple_(GalleryEntry.created_at, GalleryEntry.publication_id) < before)


def _newest_first(query: Rows) -> Rows:
    return query.order_by(GalleryEntry.created_at.desc(), GalleryEntry.publication_id.desc())


def _matches(session: Session, query: Rows) -> list[Match]:
    return [Match(*row) for row in session.execute(query)]
