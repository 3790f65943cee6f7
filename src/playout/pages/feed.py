"""What the gallery and the watch page show, out of what is published."""

import re
from datetime import UTC, datetime, timedelta

from playout.core.playback.audience import may_watch
from playout.core.playback.grants import Addresses, bound_to
from playout.core.principal import Principal
from playout.core.publications import queries
from playout.core.publications.model import SLUG_PATTERN
from playout.core.publications.queries import Published
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound
from playout.pages.render import render_gallery, render_watch
from playout.pages.tracks import captions
from playout.pages.views import CaptionTrack, GalleryView, Rendered, VideoCard, WatchView
from playout.runtime import Runtime

PAGE = 24
CURSOR = re.compile(r"(\d{1,17})-([0-9a-f]{24})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Moved(Exception):
    """The video has another slug now."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def gallery(runtime: Runtime, cursor: str) -> Rendered:
    """A page of the feed; `cursor` names the last video of the page before, "" for the first.

    Raises `NotFound` for a cursor that is none.
    """
    with runtime.database.reading() as session:
        found = queries.feed(session, PAGE + 1, _parse(cursor) if cursor else None)
    shown = found[:PAGE]
    more = len(found) > PAGE
    view = GalleryView(
        site_name=runtime.settings.site_name,
        base_url=runtime.settings.base_url,
        cards=tuple(_card(runtime, each) for each in shown),
        next_url=f"/?before={_cursor(shown[-1])}" if more else None,
        first_url="/" if cursor else None,
    )
    return Rendered(render_gallery(view))


def watch(runtime: Runtime, slug: str, viewer: Principal | None = None) -> Rendered:
    """The page of one video, as the viewer may see it; None is the public.

    Raises `NotFound`, and `Moved` for a slug that it had before.
    """
    through, now = bound_to(viewer) if viewer else "", utcnow()
    with runtime.database.reading() as session:
        found = queries.by_slug(session, slug) if re.fullmatch(SLUG_PATTERN, slug) else None
        if found is None or not may_watch(viewer, found.video):
            raise NotFound("There is no such video.")
        if found.publication.slug != slug:
            raise Moved(found.publication.slug)
        tracks = captions(runtime, session, found.video, now, through)
    addresses = runtime.playback.addresses(found.video, found.asset, now, through)
    view = _watch_view(runtime, found, addresses, tracks, viewer)
    return Rendered(render_watch(view), found.video.cache_key)


def _watch_view(
    runtime: Runtime,
    found: Published,
    addresses: Addresses,
    tracks: tuple[CaptionTrack, ...],
    viewer: Principal | None,
) -> WatchView:
    publication, asset = found.publication, found.asset
    shown = publication.shown(found.video)
    return WatchView(
        site_name=runtime.settings.site_name,
        base_url=runtime.settings.base_url,
        url=f"{runtime.settings.base_url}/v/{publication.slug}",
        title=shown["title"],
        description=shown["description"] or "",
        tags=tuple(shown["tags"]),
        creator=publication.creator_handle,
        published_at=publication.created_at,
        updated_at=publication.updated_at,
        duration_ms=asset.duration_ms if asset else None,
        width=asset.width if asset else None,
        height=asset.height if asset else None,
        poster_url=publication.splash_image or addresses.poster,
        video_url=addresses.video,
        hls_url=addresses.hls,
        video_type="video/mp4",
        language=shown["session_language"],
        has_subtitles=shown["has_subtitles"],
        viewer=viewer.name if viewer else None,
        captions=tracks,
        storyboard_url=addresses.looks.storyboard,
    )


def _card(runtime: Runtime, each: Published) -> VideoCard:
    publication, asset = each.publication, each.asset
    shown = runtime.playback.addresses(each.video, asset, utcnow()).looks
    # What was said of the publication goes before all that was made of the video.
    sizes = () if publication.splash_image else shown.sizes
    return VideoCard(
        title=publication.shown(each.video)["title"],
        url=f"/v/{publication.slug}",
        poster_url=publication.splash_image or shown.thumbnail,
        webp=", ".join(f"{size.webp} {size.width}w" for size in sizes) or None,
        jpeg=", ".join(f"{size.jpeg} {size.width}w" for size in sizes) or None,
        preview_url=shown.preview,
        duration_ms=asset.duration_ms if asset else None,
        creator=publication.creator_handle,
        published_at=publication.created_at,
        aspect=(asset.width, asset.height) if asset and asset.width and asset.height else None,
    )


def _cursor(last: Published) -> str:
    microseconds = (last.publication.created_at - EPOCH) // timedelta(microseconds=1)
    return f"{microseconds}-{last.publication.id}"


def _parse(cursor: str) -> tuple[datetime, str]:
    match = CURSOR.fullmatch(cursor)
    if match is None:
        raise NotFound("There is no such page.")
    return EPOCH + timedelta(microseconds=int(match[1])), match[2]
