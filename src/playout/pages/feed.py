"""The watch pages, and published videos as cards of other pages."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session

from playout.core.analytics.subjects import publication_subject
from playout.core.brands import queries as brands
from playout.core.experiments.assignment import Shown
from playout.core.experiments.model import PageKind, page_of_video
from playout.core.playback.audience import asks_password, may_watch
from playout.core.playback.grants import VISITOR
from playout.core.playback.playback import PlaybackUrls
from playout.core.principal import Principal
from playout.core.projects.embedding import EMBEDDING, embeddable, frame_ancestors
from playout.core.projects.model import Project
from playout.core.publications import gallery, queries
from playout.core.publications.gallery import Match
from playout.core.publications.model import SLUG_PATTERN, Publication
from playout.core.publications.queries import Position, PublishedVideo
from playout.core.unit import project_key
from playout.core.videos.chapters import chapters_of
from playout.core.videos.described_chapters import without_chapters
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound
from playout.kit.passwords import seal
from playout.pages.beacons import counting
from playout.pages.landing.brands import brand_view
from playout.pages.landing.entrance import Door, Locked
from playout.pages.landing.variants import fields_of, look_of, styles_of
from playout.pages.messages import messages
from playout.pages.metadata.cards import player_url
from playout.pages.render import render_watch
from playout.pages.tracks import captions
from playout.pages.views import CaptionTrack, Chapter, Rendered, VideoCard, WatchView
from playout.runtime import Runtime

PAGE_SIZE = 24
RELATED = 4
CURSOR = re.compile(r"(\d{1,17})-([0-9a-f]{24})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SlugChanged(Exception):
    """A slug that a video had before. `slug` is the current one."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def watch(
    runtime: Runtime,
    slug: str,
    viewer: Principal | None = None,
    *,
    is_let_in: bool = False,
    shown: Shown | None = None,
) -> Rendered:
    """Render the page of a video for a viewer; None is the public.

    Raises `NotFound`, `SlugChanged` for a slug that the video had before, and `Locked` for the
    public if the video has a password, unless the visitor is let in. Raises `Varied` while an
    experiment runs whose variant is not the one `shown`.
    """
    now = utcnow()
    with runtime.database.read_session() as session:
        found = find_published(session, slug, viewer)
        name = (viewer.full_name or viewer.name) if viewer else None
        viewer = None if found.publication.is_public else viewer
        via = enter(runtime, session, found, viewer, is_let_in=is_let_in)
        url_of = runtime.playback.url_builder(found.video, now, via=via, viewer=viewer)
        tracks = captions(session, found.video, url_of)
        may_be_embedded = bool(embeddable(session, [found.video.project_id]))
        entry = gallery.entry(session, found.publication)
        others = gallery.related(session, found.publication, RELATED)
        page = page_of_video(PageKind.WATCH, found.video.id)
        looked = look_of(session, page, found.video.project_id, shown)
        subjects = (publication_subject(found.publication.id), *looked.subjects)
        counted = counting(runtime, session, found.video, found.asset, *subjects)
    urls = runtime.playback.urls(found.video, found.asset, now, via=via, viewer=viewer)
    view = _watch_view(runtime, found, urls, tracks, viewer, may_be_embedded=may_be_embedded)
    view = replace(view, viewer=name, counting=counted, **_around(runtime, entry, others))
    view = replace(view, styles=styles_of(looked.look), **fields_of(looked.look))
    # What is shown beside the video goes from its page when it is not public any more.
    keys = [each.video.cache_key for each in others]
    tags = (found.video.cache_key, project_key(found.video.project_id), EMBEDDING, *keys)
    is_for_all, until = not looked.subjects, found.video.turns_at
    return Rendered(render_watch(view), tags, view.styles, is_for_all=is_for_all, until=until)


def _around(
    runtime: Runtime, entry: Match | None, others: Sequence[PublishedVideo]
) -> dict[str, Any]:
    """Return the fields of a watch page that lead to other videos."""
    tags = dict(zip(entry.tags, entry.tag_slugs, strict=True)) if entry else {}
    urls = {name: _page_url(runtime, "tags", slug) for name, slug in tags.items()}
    return {
        "creator_url": _page_url(runtime, "creators", entry and entry.creator_slug),
        "tag_urls": {name: url for name, url in urls.items() if url},
        "related": tuple(card(runtime, each) for each in others),
    }


def find_published(session: Session, slug: str, viewer: Principal | None) -> PublishedVideo:
    """Return the published video with that slug, if the viewer may watch it; None is the public.

    For a video with a password, `enter` has the last word.

    Raises `NotFound`, and `SlugChanged` for a slug that the video had before.
    """
    found = queries.by_slug(session, slug) if re.fullmatch(SLUG_PATTERN, slug) else None
    if found is None or not (may_watch(viewer, found.video) or asks_password(found.video)):
        raise NotFound("There is no such video.")
    ends_at = found.video.unpublish_at
    if ends_at is not None and ends_at <= utcnow():  # it is only about to be unpublished
        raise NotFound("There is no such video.")
    if found.publication.slug != slug:
        raise SlugChanged(found.publication.slug)
    return found


def enter(
    runtime: Runtime,
    session: Session,
    found: PublishedVideo,
    viewer: Principal | None,
    *,
    is_let_in: bool,
    is_framed: bool = False,
) -> str:
    """Return the holder of the grants of a viewer; "" if a video needs none, or the viewer has one.

    Raise `Locked` if the viewer has to enter the password first.
    """
    video = found.video
    if may_watch(viewer, video):
        return ""
    if is_let_in:
        return VISITOR
    project, prefix = session.get_one(Project, video.project_id), runtime.settings.address.prefix
    path = f"{prefix}{'/embed' if is_framed else ''}/v/{found.publication.slug}"
    door = Door(
        name=f"video_{video.id}",
        seal=f"{video.epoch}.{seal(video.password_hash)}",
        path=path,
        password_hash=video.password_hash,
        title=video.title,
        brand=brand_view(project, brands.of_project(session, project), prefix),
        messages=messages(video.language),
        ancestors=frame_ancestors(project.embed_sites) if is_framed else "",
    )
    raise Locked(door)


def _watch_view(
    runtime: Runtime,
    found: PublishedVideo,
    urls: PlaybackUrls,
    tracks: tuple[CaptionTrack, ...],
    viewer: Principal | None,
    *,
    may_be_embedded: bool,
) -> WatchView:
    publication, asset = found.publication, found.asset
    shown = publication.public_fields(found.video)
    url, splash = watch_url(runtime, publication), splash_image(runtime, publication)
    is_open = may_watch(None, found.video)
    chapters = chapters_of(found.video, asset)
    return WatchView(
        site_name=runtime.settings.site_name,
        base_url=runtime.settings.base_url,
        url=url,
        title=shown["title"],
        # The page lists the chapters, and names none of them twice.
        description=without_chapters(shown["description"] or "", chapters),
        tags=tuple(shown["tags"]),
        creator=publication.creator_handle,
        published_at=publication.created_at,
        updated_at=publication.updated_at,
        duration_ms=asset.duration_ms if asset else None,
        width=asset.width if asset else None,
        height=asset.height if asset else None,
        poster_url=splash or urls.poster,
        poster_size=None if splash else urls.pictures.poster_size,
        player_url=player_url(url) if is_open and may_be_embedded else None,
        video_url=urls.video,
        hls_url=urls.hls,
        video_type="video/mp4",
        language=shown["session_language"],
        has_subtitles=shown["has_subtitles"],
        is_public=viewer is None,
        captions=tracks,
        chapters_url=urls.chapters,
        chapters=tuple(Chapter(start=int(each["start"]), title=each["title"]) for each in chapters),
        storyboard_url=urls.pictures.storyboard,
        downloads=found.video.downloads,
        prefix=runtime.settings.address.prefix,
        messages=messages(runtime.settings.language),
    )


def watch_url(runtime: Runtime, publication: Publication) -> str:
    """Return the canonical address of a watch page."""
    return f"{runtime.settings.base_url}/v/{publication.slug}"


def splash_image(runtime: Runtime, publication: Publication) -> str | None:
    """Return the image of the publication's own; a path if it is a file of this site."""
    image, address = publication.splash_image, runtime.settings.address
    path = address.local_part(image) if image else None
    return image if path is None else f"{address.prefix}{path}"


def card(runtime: Runtime, each: PublishedVideo, creator_slug: str | None = None) -> VideoCard:
    """Return a published video as a card. The slug is that of its creator's page."""
    publication, asset = each.publication, each.asset
    shown = runtime.playback.urls(each.video, asset, utcnow()).pictures
    # An image of the publication's own replaces all posters that were made of the video.
    sizes = () if publication.splash_image else shown.sizes
    return VideoCard(
        title=publication.public_fields(each.video)["title"],
        url=f"{runtime.settings.address.prefix}/v/{publication.slug}",
        poster_url=splash_image(runtime, publication) or shown.thumbnail,
        webp=", ".join(f"{size.webp} {size.width}w" for size in sizes) or None,
        jpeg=", ".join(f"{size.jpeg} {size.width}w" for size in sizes) or None,
        preview_url=shown.preview,
        duration_ms=asset.duration_ms if asset else None,
        creator=publication.creator_handle,
        published_at=publication.created_at,
        creator_url=_page_url(runtime, "creators", creator_slug),
        is_public=publication.is_public,
        aspect=(asset.width, asset.height) if asset and asset.width and asset.height else None,
    )


def _page_url(runtime: Runtime, kind: str, slug: str | None) -> str | None:
    """Return the path of the page of a creator or a tag, if there is one."""
    return f"{runtime.settings.address.prefix}/{kind}/{quote(slug, safe='')}" if slug else None


def cursor_after(last: PublishedVideo | Position) -> str:
    """Return the text that stands in addresses for the place of a publication."""
    at, id_ = last if isinstance(last, tuple) else last.place
    return f"{(at - EPOCH) // timedelta(microseconds=1)}-{id_}"


def parse_cursor(cursor: str) -> Position:
    """Return the place that a cursor stands for, or raise `NotFound`."""
    match = CURSOR.fullmatch(cursor)
    if match is None:
        raise NotFound("There is no such page.")
    return EPOCH + timedelta(microseconds=int(match[1])), match[2]
