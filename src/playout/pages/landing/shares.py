"""The landing page of a share."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from playout.core.analytics.subjects import share_subject
from playout.core.brands import queries as brands
from playout.core.experiments.assignment import Shown
from playout.core.experiments.model import Look, page_of_share
from playout.core.playback.grants import share_holder
from playout.core.principal import Principal
from playout.core.renders.films import Films
from playout.core.shares import queries
from playout.core.shares.model import Share
from playout.core.shares.serving import Landing, NotServing, landing
from playout.core.unit import project_key
from playout.core.web_addresses import is_web_address
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound
from playout.pages.beacons import counting
from playout.pages.landing.brands import Resting, brand_view, notice_page
from playout.pages.landing.entrance import Door, Locked
from playout.pages.landing.variants import ShownLook, fields_of, look_of, styles_of
from playout.pages.landing.views import BrandView, ShareView
from playout.pages.messages import messages
from playout.pages.metadata.cards import player_url
from playout.pages.playback.films import film_view
from playout.pages.render import render_share
from playout.pages.tracks import captions
from playout.pages.views import CaptionTrack, Rendered
from playout.runtime import Runtime


def share_page(
    runtime: Runtime,
    films: Films,
    slug: str,
    now: datetime,
    *,
    is_let_in: bool = False,
    shown: Shown | None = None,
) -> Rendered:
    """Render the landing page with that slug.

    Raises `NotFound`, `Resting`, and `Locked` if it has a password, unless the visitor is let in.
    Raises `Varied` while an experiment runs whose variant is not the one `shown`.
    """
    with runtime.database.read_session() as session:
        found = landing_at(runtime, session, slug, now, is_let_in=is_let_in)
        share = found.share
        looked = look_of(session, page_name(share), share.project_id, shown)
        film = holder_of(share)
        return render_landing(runtime, films, session, found, looked, film=film)


def render_landing(
    runtime: Runtime,
    films: Films,
    session: Session,
    found: Landing,
    looked: ShownLook,
    *,
    film: str,
    recipient: UUID | None = None,
) -> Rendered:
    """Render a landing page that plays the film with that slug, or else the video as it is.

    Its views are counted for the share and the variant that it shows. `recipient` is the id of the
    person whose film it is.
    """
    now = utcnow()
    brand = in_look(share_brand(runtime, session, found.share), looked.look)
    url_of = runtime.playback.url_builder(found.video, now, via=holder_of(found.share))
    tracks = captions(session, found.video, url_of)
    subjects = (subject_of(found.share), *looked.subjects)
    counted = counting(runtime, session, found.video, found.asset, *subjects, recipient=recipient)
    view = _view(runtime, found, brand, tracks, now)
    played = film_view(films, film, runtime.base_url)
    if played:
        view = replace(view, film=played, hls_url=played.hls_url)
    view = replace(view, counting=counted, **fields_of(looked.look))
    tags, until = (project_key(found.share.project_id),), found.share.expires_at
    # The words of a film are personal, and a variant is for some: no shared cache may keep them.
    is_for_all = played is None and not looked.subjects
    return Rendered(render_share(view), tags, brand.styles, is_for_all=is_for_all, until=until)


def share_preview(
    runtime: Runtime, session: Session, share: Share, brand: BrandView, viewer: Principal
) -> Rendered:
    """Render the page of a share in another brand for a member, whether it serves or not.

    Nothing is counted.
    """
    current = queries.current_video(session, share)
    if current is None:
        prefix = runtime.settings.address.prefix
        title, message = "This page is resting", "It shows nothing at the moment."
        return notice_page(
            brand, messages(share.locale), title=title, message=message, prefix=prefix
        )
    view = _view(runtime, Landing(share, *current), brand, (), utcnow(), viewer=viewer)
    return Rendered(render_share(view), styles=brand.styles)


def landing_at(
    runtime: Runtime,
    session: Session,
    slug: str,
    now: datetime,
    *,
    code: str = "",
    is_let_in: bool,
) -> Landing:
    """Return the content of a landing page, or of the page below it of the recipient of a code.

    Raises what `share_page` raises.
    """
    try:
        found = landing(session, slug, now)
    except NotServing as error:
        raise Resting(_notice(runtime, session, error.share)) from error
    if found.share.password_hash is not None and not is_let_in:
        brand = share_brand(runtime, session, found.share)
        path = f"{runtime.settings.address.prefix}/s/{slug}"
        door = share_door(found.share, brand, path)
        raise Locked(replace(door, path=f"{path}/{code}", scope=path) if code else door)
    return found


def share_door(share: Share, brand: BrandView, path: str, ancestors: str = "") -> Door:
    """Return the door of a landing page, or of its player in a frame, with that path."""
    return Door(
        name=f"share_{share.slug}",
        seal=share.seal,
        path=path,
        password_hash=share.password_hash,
        title=share.public_title,
        brand=brand,
        messages=messages(share.locale),
        ancestors=ancestors,
    )


def holder_of(share: Share) -> str:
    """Return the holder of the grants that are made through a share."""
    return share_holder(share.slug, share.seal)


def call_to_action(runtime: Runtime, slug: str, now: datetime, *, is_let_in: bool = False) -> str:
    """Return where the button of a landing page leads. Raises what `share_page` raises."""
    with runtime.database.read_session() as session:
        share = landing_at(runtime, session, slug, now, is_let_in=is_let_in).share
    if share.cta_url is None or not is_web_address(share.cta_url):
        raise NotFound("There is no such page.")
    return share.cta_url


def _may_unfurl(share: Share) -> bool:
    """Return whether other sites may play it where somebody posts its address."""
    return bool(share.project.embed_sites) and share.password_hash is None


def page_name(share: Share) -> str:
    """Return the name that the page of a share has in experiments."""
    return page_of_share(share.project_id, share.channel)


def in_look(brand: BrandView, look: Look) -> BrandView:
    """Return a brand with the styles of a look."""
    return replace(brand, styles=brand.styles + styles_of(look))


def subject_of(share: Share) -> str:
    """Return what the events on the page of a share are counted for."""
    return share_subject(share.project_id, share.channel)


def _notice(runtime: Runtime, session: Session, share: Share) -> Rendered:
    brand = share_brand(runtime, session, share)
    return notice_page(
        brand,
        messages(share.locale),
        title="This page is resting",
        message="It shows nothing at the moment. Whoever sent you the address can tell you more.",
        prefix=runtime.settings.address.prefix,
    )


def share_brand(runtime: Runtime, session: Session, share: Share) -> BrandView:
    """Return the brand of the project of a share."""
    project = share.project
    return brand_view(project, brands.of_project(session, project), runtime.settings.address.prefix)


def _view(
    runtime: Runtime,
    found: Landing,
    brand: BrandView,
    tracks: tuple[CaptionTrack, ...],
    now: datetime,
    *,
    viewer: Principal | None = None,
) -> ShareView:
    share, asset = found.share, found.asset
    via = "" if viewer else holder_of(share)
    urls = runtime.playback.urls(found.video, asset, now, via=via, viewer=viewer)
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
        player_url=player_url(url) if _may_unfurl(share) else None,
        video_url=urls.video,
        hls_url=urls.hls,
        video_type="video/mp4",
        captions=tracks,
        chapters_url=urls.chapters,
        storyboard_url=urls.pictures.storyboard,
        downloads=found.video.downloads,
        prefix=runtime.settings.address.prefix,
    )
