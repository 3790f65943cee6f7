"""The pages that other sites show in a frame: a player, and nothing else."""

from datetime import datetime

from sqlalchemy.orm import Session

from playout.core.brands import queries as brands
from playout.core.brands.model import plain_brand
from playout.core.principal import Principal
from playout.core.projects.embedding import EVERY_SITE, frame_ancestors
from playout.core.projects.model import Project
from playout.core.shares.serving import NotServing, landing
from playout.core.unit import project_key
from playout.core.videos.model import Video
from playout.kit.clock import utcnow
from playout.pages import feed
from playout.pages.brands import Resting
from playout.pages.messages import messages
from playout.pages.render import render_embed, render_embed_notice
from playout.pages.tracks import captions
from playout.pages.views import EmbedNoticeView, EmbedView, Rendered
from playout.runtime import Runtime

NOT_HERE, RESTING = "This video isn’t here", "This page is resting"


def embedded_video(runtime: Runtime, slug: str, viewer: Principal | None = None) -> Rendered:
    """Render the player of a video for a viewer; None is the public.

    Raises `NotFound`, and `SlugChanged` for a slug that the video had before.
    """
    now = utcnow()
    with runtime.database.read_session() as session:
        found = feed.find_published(session, slug, viewer)
        video, asset = found.video, found.asset
        urls = runtime.playback.urls(video, asset, now, viewer=viewer)
        splash = feed.splash_image(runtime, found.publication)
        shown = found.publication.public_fields(video)
        project = session.get_one(Project, video.project_id)
        url_of = runtime.playback.url_builder(video, now, viewer=viewer)
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
            prefix=runtime.settings.address.prefix,
        )
    return _rendered(view, video)


def embedded_share(runtime: Runtime, slug: str, now: datetime) -> Rendered:
    """Render the player of a share. Raises `NotFound`, and `Resting`."""
    with runtime.database.read_session() as session:
        try:
            found = landing(session, slug)
        except NotServing as error:
            raise Resting(notice(error.share.locale, RESTING)) from error
        share, video, asset = found.share, found.video, found.asset
        urls = runtime.playback.urls(video, asset, now, via=slug)
        url_of = runtime.playback.url_builder(video, now, via=slug)
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
            hls_url=urls.hls,
            chapters_url=urls.chapters,
            storyboard_url=urls.pictures.storyboard,
            prefix=runtime.settings.address.prefix,
        )
    return _rendered(view, video)


def notice(language: str | None, message: str) -> Rendered:
    """Render a frame that plays nothing. Every site may show it: it tells nothing of a project."""
    view = EmbedNoticeView(messages=messages(language), message=message)
    return Rendered(render_embed_notice(view), ancestors=EVERY_SITE)


def _rendered(view: EmbedView, video: Video) -> Rendered:
    # The tag of the project: a change of its sites drops the page as well.
    return Rendered(
        render_embed(view), (project_key(video.project_id),), ancestors=frame_ancestors(view.sites)
    )


def _color(session: Session, project: Project) -> str | None:
    """Return the accent of the brand; None if the project has not chosen one."""
    accent = brands.of_project(session, project).accent
    return None if accent == plain_brand(project.id).accent else accent
