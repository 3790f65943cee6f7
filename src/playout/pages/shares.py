"""What the landing page of a share shows, and what stands there when it shows nothing."""

from datetime import datetime

from playout.core.shares.serving import Landing, landing
from playout.core.unit import project_key
from playout.pages.render import render_share
from playout.pages.tracks import captions
from playout.pages.views import CaptionTrack, Rendered, ShareView
from playout.runtime import Runtime


def share(runtime: Runtime, slug: str, now: datetime) -> Rendered:
    """The landing page at that address. Raises `NotFound` and `NotServing` as `landing` does."""
    with runtime.database.reading() as session:
        found = landing(session, slug)
        tracks = captions(runtime, session, found.video, now, slug)
    html = render_share(_view(runtime, found, tracks, now))
    return Rendered(html, project_key(found.share.project_id))


def _view(
    runtime: Runtime, found: Landing, tracks: tuple[CaptionTrack, ...], now: datetime
) -> ShareView:
    share, asset = found.share, found.asset
    addresses = runtime.playback.addresses(found.video, asset, now, share.slug)
    return ShareView(
        site_name=runtime.settings.site_name,
        url=f"{runtime.settings.base_url}/s/{share.slug}",
        title=share.public_title,
        subtitle=share.public_subtitle,
        language=share.locale,
        cta_label=share.cta_label,
        cta_url=share.cta_url,
        width=asset.width if asset else None,
        height=asset.height if asset else None,
        poster_url=addresses.poster,
        video_url=addresses.video,
        hls_url=addresses.hls,
        video_type="video/mp4",
        captions=tracks,
        storyboard_url=addresses.looks.storyboard,
    )
