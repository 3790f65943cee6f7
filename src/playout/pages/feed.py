"""The gallery and the watch pages: published videos as views."""

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from playout.core.playback.audience import may_watch
from playout.core.playback.playback import PlaybackUrls
from playout.core.principal import Principal
from playout.core.projects.embedding import EMBEDDING, embeddable
from playout.core.publications import queries
from playout.core.publications.model import SLUG_PATTERN, Publication
from playout.core.publications.queries import Position, PublishedVideo
from playout.core.videos.chapters import chapters_of
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound
from playout.pages.metadata.cards import player_url
from playout.pages.render import render_gallery, render_watch
from playout.pages.tracks import captions
from playout.pages.views import CaptionTrack, Chapter, GalleryView, Rendered, VideoCard, WatchView
from playout.runtime import Runtime

PAGE_SIZE = 24
CURSOR = re.compile(r"(\d{1,17})-([0-9a-f]{24})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SlugChanged(Exception):
    """A slug that a video had before. `slug` is the current one."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def gallery(runtime: Runtime, cursor: str) -> Rendered:
    """Render a page of the gallery.

    `cursor` names the last video of the page before; it is "" for the first page. Raises `NotFound`
    for a cursor that is not valid.
    """
    with runtime.database.read_session() as session:
        found = queries.feed(session, PAGE_SIZE + 1, parse_cursor(cursor) if cursor else None)
    page, prefix = found[:PAGE_SIZE], runtime.settings.address.prefix
    has_next = len(found) > PAGE_SIZE
    view = GalleryView(
        site_name=runtime.settings.site_name,
        base_url=runtime.settings.base_url,
        cards=tuple(_card(runtime, each) for each in page),
        next_url=f"{prefix}/?before={cursor_after(page[-1])}" if has_next else None,
        first_url=f"{prefix}/" if cursor else None,
        cursor=cursor,
        prefix=prefix,
    )
    return Rendered(render_gallery(view))


def watch(runtime: Runtime, slug: str, viewer: Principal | None = None) -> Rendered:
    """Render the page of a video for a viewer; None is the public.

    Raises `NotFound`, and `SlugChanged` for a slug that the video had before.
    """
    now = utcnow()
    with runtime.database.read_session() as session:
        found = find_published(session, slug, viewer)
        url_of = runtime.playback.url_builder(found.video, now, viewer=viewer)
        tracks = captions(session, found.video, url_of)
        may_be_embedded = bool(embeddable(session, [found.video.project_id]))
    urls = runtime.playback.urls(found.video, found.asset, now, viewer=viewer)
    view = _watch_view(runtime, found, urls, tracks, viewer, may_be_embedded=may_be_embedded)
    return Rendered(render_watch(view), (found.video.cache_key, EMBEDDING))


def find_published(session: Session, slug: str, viewer: Principal | None) -> PublishedVideo:
    """Return the published video with that slug, if the viewer may watch it; None is the public.

    Raises `NotFound`, and `SlugChanged` for a slug that the video had before.
    """
    found = queries.by_slug(session, slug) if re.fullmatch(SLUG_PATTERN, slug) else None
    if found is None or not may_watch(viewer, found.video):
        raise NotFound("There is no such video.")
    if found.publication.slug != slug:
        raise SlugChanged(found.publication.slug)
    return found


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
    return WatchView(
        site_name=runtime.settings.site_name,
        base_url=runtime.settings.base_url,
        url=url,
        title=shown["title"],
        description=shown["description"] or "",
        tags=tuple(shown["tags"]),
        creator=publication.creator_handle,
        published_at=publication.created_at,
        updated_at=publication.updated_at,
        duration_ms=asset.duration_ms if asset else None,
        width=asset.width if asset else None,
        height=asset.height if asset else None,
        poster_url=splash or urls.poster,
        poster_size=None if splash else urls.pictures.poster_size,
        player_url=player_url(url) if viewer is None and may_be_embedded else None,
        video_url=urls.video,
        hls_url=urls.hls,
        video_type="video/mp4",
        language=shown["session_language"],
        has_subtitles=shown["has_subtitles"],
        viewer=viewer.name if viewer else None,
        captions=tracks,
        chapters_url=urls.chapters,
        chapters=tuple(
            Chapter(start=int(each["start"]), title=each["title"])
            for each in chapters_of(found.video, asset)
        ),
        storyboard_url=urls.pictures.storyboard,
        prefix=runtime.settings.address.prefix,
    )


def watch_url(runtime: Runtime, publication: Publication) -> str:
    """Return the canonical address of a watch page."""
    return f"{runtime.settings.base_url}/v/{publication.slug}"


def splash_image(runtime: Runtime, publication: Publication) -> str | None:
    """Return the image of the publication's own; a path if it is a file of this site."""
    image, address = publication.splash_image, runtime.settings.address
    path = address.local_part(image) if image else None
    return image if path is None else f"{address.prefix}{path}"


def _card(runtime: Runtime, each: PublishedVideo) -> VideoCard:
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
        aspect=(asset.width, asset.height) if asset and asset.width and asset.height else None,
    )


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
