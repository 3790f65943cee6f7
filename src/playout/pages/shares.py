"""The landing page of a share."""

from datetime import datetime

from playout.core.shares.serving import Landing, landing
from playout.core.unit import project_key
from playout.pages.render import render_share
from playout.pages.tracks import captions
from playout.pages.views import CaptionTrack, Rendered, ShareView
from playout.runtime import Runtime


def share_page(runtime: Runtime, slug: str, now: datetime) -> Rendered:
    """Render the landing page with that slug. Raises `NotFound` and `NotServing`."""
    with runtime.database.read_session() as session:
        found = landing(session, slug)
        url_of = runtime.playback.url_builder(found.video, now, via=slug)
        tracks = captions(session, found.video, url_of)
    html = render_share(_view(runtime, found, tracks, now))
    return Rendered(html, project_key(found.share.project_id))


def _view(
    runtime: Runtime, found: Landing, tracks: tuple[CaptionTrack, ...], now: datetime
) -> ShareView:
    share, asset = found.share, found.asset
    urls = runtime.playback.urls(found.video, asset, now, via=share.slug)
    return ShareView(
        site_name=runtime.settings.site_name,
        base_url=runtime.settings.base_url,
        url=f"{runtime.settings.base_url}/s/{share.slug}",
        title=share.public_title,
        subtitle=share.public_subtitle,
        language=share.locale,
        cta_label=share.cta_label,
        cta_url=share.cta_url,
        width=asset.width if asset else None,
        height=asset.height if asset else None,
        poster_url=urls.poster,
        video_url=urls.video,
        hls_url=urls.hls,
        video_type="video/mp4",
        captions=tracks,
        storyboard_url=urls.pictures.storyboard,
        prefix=runtime.settings.address.prefix,
    )
