"""The landing page of a share."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from playout.core.brands import queries as brands
from playout.core.renders.films import Films
from playout.core.shares.model import Share
from playout.core.shares.serving import Landing, NotServing, landing
from playout.core.unit import project_key
from playout.core.web_addresses import is_web_address
from playout.kit.errors import NotFound
from playout.pages.brands import Resting, brand_view, notice_page
from playout.pages.films import film_url
from playout.pages.messages import messages
from playout.pages.metadata.cards import player_url
from playout.pages.render import render_share
from playout.pages.tracks import captions
from playout.pages.views import BrandView, CaptionTrack, Rendered, ShareView
from playout.runtime import Runtime


def share_page(runtime: Runtime, films: Films, slug: str, now: datetime) -> Rendered:
    """Render the landing page with that slug. Raises `NotFound`, and `Resting`."""
    with runtime.database.read_session() as session:
        try:
            found = landing(session, slug)
        except NotServing as error:
            raise Resting(_notice(runtime, session, error.share)) from error
        brand = _brand(runtime, session, found.share)
        url_of = runtime.playback.url_builder(found.video, now, via=slug)
        tracks = captions(session, found.video, url_of)
    view = _view(runtime, found, brand, tracks, now)
    hls_url = film_url(films, slug, runtime.base_url) or view.hls_url
    html = render_share(replace(view, hls_url=hls_url))
    return Rendered(html, (project_key(found.share.project_id),), brand.styles)


def call_to_action(runtime: Runtime, slug: str) -> str:
    """Return where the button of a landing page leads. Raises `NotFound`, and `Resting`."""
    with runtime.database.read_session() as session:
        try:
            url = landing(session, slug).share.cta_url
        except NotServing as error:
            raise Resting(_notice(runtime, session, error.share)) from error
    if url is None or not is_web_address(url):
        raise NotFound("There is no such page.")
    return url


def _notice(runtime: Runtime, session: Session, share: Share) -> Rendered:
    brand = _brand(runtime, session, share)
    return notice_page(
        brand,
        messages(share.locale),
        title="This page is resting",
        message="It shows nothing at the moment. Whoever sent you the address can tell you more.",
        prefix=runtime.settings.address.prefix,
    )


def _brand(runtime: Runtime, session: Session, share: Share) -> BrandView:
    project = share.project
    return brand_view(project, brands.of_project(session, project), runtime.settings.address.prefix)


def _view(
    runtime: Runtime,
    found: Landing,
    brand: BrandView,
    tracks: tuple[CaptionTrack, ...],
    now: datetime,
) -> ShareView:
    share, asset = found.share, found.asset
    urls = runtime.playback.urls(found.video, asset, now, via=share.slug)
    url = f"{runtime.settings.base_url}/s/{share.slug}"
    return ShareView(
        brand=brand,
        messages=messages(share.locale),
        base_url=runtime.settings.base_url,
        url=url,
        title=share.public_title,
        subtitle=share.public_subtitle,
        language=share.locale,
        cta_label=share.cta_label,
        # The address leads on by what the share says at that moment, and takes no URL.
        cta_url=(
            f"{runtime.settings.address.prefix}/s/{share.slug}/go"
            if share.cta_url and is_web_address(share.cta_url)
            else None
        ),
        width=asset.width if asset else None,
        height=asset.height if asset else None,
        poster_url=urls.poster,
        poster_size=urls.pictures.poster_size,
        player_url=player_url(url) if share.project.embed_sites else None,
        video_url=urls.video,
        hls_url=urls.hls,
        video_type="video/mp4",
        captions=tracks,
        chapters_url=urls.chapters,
        storyboard_url=urls.pictures.storyboard,
        prefix=runtime.settings.address.prefix,
    )
