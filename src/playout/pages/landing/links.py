"""The pages of guest links: a video for whoever has the address, and the password if it has one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.analytics.subjects import link_subject
from playout.core.brands import queries as brands
from playout.core.experiments.model import Look
from playout.core.links import service
from playout.core.links.model import GuestLink
from playout.core.links.serving import LinkOver, open_link
from playout.core.media.model import Asset
from playout.core.playback.grants import link_holder
from playout.core.principal import WORKER
from playout.core.projects.model import Project
from playout.core.unit import Origin
from playout.core.videos.model import Video
from playout.kit.clock import utcnow
from playout.pages.beacons import counting
from playout.pages.landing.brands import Resting, brand_view, notice_page
from playout.pages.landing.entrance import Door, Entrance
from playout.pages.landing.shares import in_look
from playout.pages.landing.variants import fields_of, look_of_link
from playout.pages.landing.views import BrandView, ShareView
from playout.pages.messages import messages
from playout.pages.render import render_share
from playout.pages.responses import PRIVATE, Responses
from playout.pages.tracks import captions
from playout.pages.views import CaptionTrack, Rendered
from playout.runtime import Runtime

ORIGIN = Origin("pages")
USED_UP = "This link was opened as often as it may be."


@dataclass(frozen=True, slots=True)
class Found:
    """A link that opens its video, with what its page shows."""

    link: GuestLink
    video: Video
    asset: Asset | None
    brand: BrandView
    captions: tuple[CaptionTrack, ...]
    look: Look
    counting: str | None


class Links:
    """Serves `/l/{slug}`.

    A visitor who is let in is counted once, and gets a cookie for this link alone: who reloads the
    page is no further visitor, and enters no password again.
    """

    def __init__(self, runtime: Runtime, responses: Responses, entrance: Entrance) -> None:
        self._runtime = runtime
        self._entrance = entrance
        self._responses = responses
        self._base_url = runtime.settings.base_url
        self._prefix = runtime.settings.address.prefix

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/l/{slug}", self.show),
            Route("/l/{slug}", self.enter, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show the video, or the form that lets a visitor in."""
        try:
            found = await self._find(request)
        except Resting as resting:
            return self._responses.resting(resting.page, PRIVATE)
        is_seen = request.method != "HEAD"  # who sees nothing is not counted
        if self._entrance.is_let_in(request, self._door(found)) or not is_seen:
            return self._video_page(found)
        if found.link.password_hash is not None or found.link.max_views is not None:
            # A program that fetches a preview of the address sends no form, and uses no view up.
            return self._entrance.form(self._door(found))
        return await self._let_in(request, found, self._video_page(found))

    async def enter(self, request: Request) -> Response:
        """Let a visitor in who knows the password, if the link has one."""
        password = await self._entrance.read_password(request)
        try:
            found = await self._find(request)
        except Resting as resting:
            return self._responses.resting(resting.page, PRIVATE)
        door = self._door(found)
        refusal = await self._entrance.refusal(request, door, password)
        if refusal is not None:
            return refusal
        answer = RedirectResponse(door.path, 303, PRIVATE)
        if self._entrance.is_let_in(request, door):
            return answer
        return await self._let_in(request, found, answer)

    def _door(self, found: Found) -> Door:
        link = found.link
        return Door(
            name=f"link_{link.id}",
            seal=f"{link.slug}.{link.epoch}",
            path=self._path(link),
            password_hash=link.password_hash,
            title=found.video.title,
            brand=found.brand,
            messages=messages(found.video.language),
        )

    def _path(self, link: GuestLink) -> str:
        return f"{self._prefix}/l/{link.slug}"

    async def _find(self, request: Request) -> Found:
        slug = request.path_params["slug"]
        return await self._runtime.read_for_page(self._load, slug, utcnow())

    def _load(self, slug: str, now: datetime) -> Found:
        with self._runtime.database.read_session() as session:
            try:
                opened = open_link(session, slug, now)
            except LinkOver as error:
                brand = self._brand(session, error.video)
                raise Resting(self._over(brand, error.video, error.message)) from error
            via = link_holder(slug, opened.link.epoch)
            url_of = self._runtime.playback.url_builder(opened.video, now, via=via)
            tracks = captions(session, opened.video, url_of)
            looked = look_of_link(session, opened.video.id, opened.link.id)
            brand = in_look(self._brand(session, opened.video), looked.look)
            subjects = (link_subject(opened.link.id), *looked.subjects)
            counted = counting(self._runtime, session, opened.video, opened.asset, *subjects)
            return Found(
                opened.link, opened.video, opened.asset, brand, tracks, looked.look, counted
            )

    def _brand(self, session: Session, video: Video) -> BrandView:
        project = session.get_one(Project, video.project_id)
        return brand_view(project, brands.of_project(session, project), self._prefix)

    def _over(self, brand: BrandView, video: Video, message: str) -> Rendered:
        return notice_page(
            brand,
            messages(video.language),
            title="This link is over",
            message=message,
            prefix=self._prefix,
        )

    async def _let_in(self, request: Request, found: Found, response: Response) -> Response:
        """Count a visitor, and return the response with the cookie of one who is let in."""
        if not await self._runtime.page_reads.run(self._count_view, found.link.id):
            page = self._over(found.brand, found.video, USED_UP)
            return self._responses.resting(page, PRIVATE)
        return self._entrance.with_cookie(request, self._door(found), response)

    def _count_view(self, link_id: int) -> bool:
        # Whoever has the address may count, so it needs no principal of its own.
        with self._runtime.work.write(WORKER, ORIGIN) as unit:
            return service.let_in(unit, link_id)

    def _video_page(self, found: Found) -> Response:
        link, video, asset = found.link, found.video, found.asset
        via = link_holder(link.slug, link.epoch)
        urls = self._runtime.playback.urls(video, asset, utcnow(), via=via)
        view = ShareView(
            brand=found.brand,
            messages=messages(video.language),
            base_url=self._base_url,
            prefix=self._prefix,
            url=f"{self._base_url}/l/{link.slug}",
            title=video.title,
            subtitle=None,
            language=video.language,
            cta_label=None,
            cta_url=None,
            width=asset.width if asset else None,
            height=asset.height if asset else None,
            poster_url=urls.poster,
            video_url=urls.video,
            hls_url=urls.hls,
            video_type="video/mp4",
            captions=found.captions,
            chapters_url=urls.chapters,
            storyboard_url=urls.pictures.storyboard,
            downloads=video.downloads,
            counting=found.counting,
        )
        view = replace(view, **fields_of(found.look))
        headers = self._responses.styled(self._responses.player_headers, found.brand.styles)
        return self._responses.page(render_share(view), headers={**PRIVATE, **headers})
