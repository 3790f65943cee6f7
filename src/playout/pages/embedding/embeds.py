"""The pages that other sites show in a frame: a player, and nothing else."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from playout.core.analytics.subjects import publication_subject
from playout.core.brands import queries as brands
from playout.core.brands.model import plain_brand
from playout.core.principal import Principal
from playout.core.projects.embedding import EVERY_SITE, frame_ancestors
from playout.core.projects.model import Project
from playout.core.renders.films import Films
from playout.core.shares.model import Share
from playout.core.shares.serving import NotServing, landing
from playout.core.unit import project_key
from playout.core.videos.model import Video
from playout.kit.clock import utcnow
from playout.pages import feed
from playout.pages.beacons import counting
from playout.pages.landing.brands import Resting
from playout.pages.landing.entrance import Door, Locked
from playout.pages.landing.shares import holder_of, share_brand, share_door, subject_of
from playout.pages.messages import messages
from playout.pages.playback.films import film_view
from playout.pages.render import render_embed, render_embed_notice
from playout.pages.tracks import captions
from playout.pages.views import EmbedNoticeView, EmbedView, Rendered
from playout.runtime import Runtime

NOT_HERE, RESTING = "This video isn’t here", "This page is resting"


def embedded_video(
    runtime: Runtime, slug: str, viewer: Principal | None = None, *, is_let_in: bool = False
) -> Rendered:
    """Render the player of a video for a viewer; None is the public.

    Raises `NotFound`, `SlugChanged` for a slug that the video had before, and `Locked` as `watch`.
    """
    now = utcnow()
    with runtime.database.read_session() as session:
        found = feed.find_published(session, slug, viewer)
        video, asset = found.video, found.asset
        via = feed.enter(runtime, session, found, viewer, is_let_in=is_let_in, is_framed=True)
        urls = runtime.playback.urls(video, asset, now, via=via, viewer=viewer)
        splash = feed.splash_image(runtime, found.publication)
        shown = found.publication.public_fields(video)
        project = session.get_one(Project, video.project_id)
        url_of = runtime.playback.url_builder(video, now, via=via, viewer=viewer)
        view = EmbedView(
            messages=messages(shown["session_language"]),
            url=f"{runtime.settings.base_url}/v/{slug}",
            title=shown["title"],
            color=_color(session, project),
            sites=tuple(project.embed_sites),
            width=asset.width if asset else None,
            height=asset.height if asset else None,
            poster_url=splash or urls.poster,
            captions=captions(session, video, url_of),
            video_url=urls.video,
            video_type="video/mp4",
            hls_url=urls.hls,
            chapters_url=urls.chapters,
            storyboard_url=urls.pictures.storyboard,
            downloads=video.downloads,
            counting=counting(
                runtime, session, video, asset, publication_subject(found.publication.id)
            ),
            prefix=runtime.settings.address.prefix,
        )
    return _rendered(view, video)


def embedded_share(
    runtime: Runtime, films: Films, slug: str, now: datetime, *, is_let_in: bool = False
) -> Rendered:
    """Render the player of a share. Raises `NotFound`, `Resting` and `Locked`, as a share page."""
    with runtime.database.read_session() as session:
        try:
            found = landing(session, slug, now)
        except NotServing as error:
            raise Resting(notice(runtime, error.share.locale, RESTING)) from error
        share, video, asset = found.share, found.video, found.asset
        if share.password_hash is not None and not is_let_in:
            raise Locked(_share_door(runtime, session, share))
        urls = runtime.playback.urls(video, asset, now, via=holder_of(share))
        url_of = runtime.playback.url_builder(video, now, via=holder_of(share))
        film = film_view(films, holder_of(share), runtime.base_url)
        view = EmbedView(
            messages=messages(share.locale),
            url=f"{runtime.settings.base_url}/s/{slug}",
            title=share.public_title,
            color=_color(session, share.project),
            sites=tuple(share.project.embed_sites),
            width=asset.width if asset else None,
            height=asset.height if asset else None,
            poster_url=urls.poster,
            captions=captions(session, video, url_of),
            video_url=urls.video,
            video_type="video/mp4",
            hls_url=film.hls_url if film else urls.hls,
            film=film,
            chapters_url=urls.chapters,
            storyboard_url=urls.pictures.storyboard,
            downloads=video.downloads,
            counting=counting(runtime, session, video, asset, subject_of(share)),
            prefix=runtime.settings.address.prefix,
        )
    return replace(_rendered(view, video), until=share.expires_at)


def _share_door(runtime: Runtime, session: Session, share: Share) -> Door:
    brand = share_brand(runtime, session, share)
    path = f"{runtime.settings.address.prefix}/embed/s/{share.slug}"
    return share_door(share, brand, path, frame_ancestors(share.project.embed_sites))


def notice(runtime: Runtime, language: str | None, message: str) -> Rendered:
    """Render a frame that plays nothing. Every site may show it: it tells nothing of a project."""
    prefix = runtime.settings.address.prefix
    view = EmbedNoticeView(messages=messages(language), message=message, prefix=prefix)
    return Rendered(render_embed_notice(view), ancestors=EVERY_SITE)


def _rendered(view: EmbedView, video: Video) -> Rendered:
    # The tag of the project: a change of its sites drops the page as well.
    tags, ancestors = (project_key(video.project_id),), frame_ancestors(view.sites)
    # The words of a film are personal: no shared cache may keep them.
    return Rendered(
        render_embed(view),
        tags,
        ancestors=ancestors,
        is_for_all=view.film is None,
        until=video.turns_at,
    )


def _color(session: Session, project: Project) -> str | None:
    """Return the accent of the brand; None if the project has not chosen one."""
    accent = brands.of_project(session, project).accent
    return None if accent == plain_brand(project.id).accent else accent
