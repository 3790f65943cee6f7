"""The pages of guest links: a video for whoever has the address, and the password if it has one."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.brands import queries as brands
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
from playout.kit.http.client_address import client_network
from playout.kit.passwords import verify_password
from playout.kit.rate_limit import RateLimit
from playout.kit.text import normalize
from playout.pages.brands import Resting, brand_view, notice_page
from playout.pages.forms import check_origin, is_https, read_form
from playout.pages.messages import messages
from playout.pages.render import render_entry, render_share
from playout.pages.responses import PRIVATE, Responses
from playout.pages.tracks import captions
from playout.pages.views import BrandView, CaptionTrack, EntryView, Rendered, ShareView
from playout.runtime import Runtime

ORIGIN = Origin("pages")
PURPOSE = "guest link"
VISIT_SECONDS = 12 * 3600
ATTEMPTS_A_MINUTE = 10
"""Passwords that one client may send to one link in a minute. Right ones count as well: to let them
pass would let everybody guess on."""
USED_UP = "This link was opened as often as it may be."
WRONG = "This is not the password."
TOO_MANY = "Too many attempts. Wait a minute, then try again."


@dataclass(frozen=True, slots=True)
class Found:
    """A link that opens its video, with what its page shows."""

    link: GuestLink
    video: Video
    asset: Asset | None
    brand: BrandView
    captions: tuple[CaptionTrack, ...]


class Links:
    """Serves `/l/{slug}`.

    A visitor who is let in is counted once, and gets a cookie for this link alone: who reloads the
    page is no further visitor, and enters no password again.
    """

    def __init__(self, runtime: Runtime, responses: Responses) -> None:
        self._runtime = runtime
        self._responses = responses
        self._base_url = runtime.settings.base_url
        self._prefix = runtime.settings.address.prefix
        self._attempts = RateLimit(ATTEMPTS_A_MINUTE, runtime.settings.redis_url)

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
        if self._is_let_in(request, found.link) or not is_seen:
            return self._video_page(found)
        if found.link.password_hash is not None or found.link.max_views is not None:
            # A program that fetches a preview of the address sends no form, and uses no view up.
            return self._form_page(found)
        return await self._let_in(request, found, self._video_page(found))

    async def enter(self, request: Request) -> Response:
        """Let a visitor in. The passwords of a client are limited, so that none can be guessed."""
        check_origin(request, self._base_url)
        password = normalize((await read_form(request)).get("password", ""))
        try:
            found = await self._find(request)
        except Resting as resting:
            return self._responses.resting(resting.page, PRIVATE)
        if found.link.password_hash is not None:
            attempt = f"link:{found.link.id}:{client_network(request.scope)}"
            status = await self._attempts.hit(attempt)
            if not status.allowed:
                return self._form_page(found, TOO_MANY, 429, status.headers)
            if not await self._runtime.read_for_page(
                verify_password, found.link.password_hash, password
            ):
                return self._form_page(found, WRONG, 403)
        answer = RedirectResponse(self._path(found.link), 303, PRIVATE)
        if self._is_let_in(request, found.link):
            return answer
        return await self._let_in(request, found, answer)

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
            brand = self._brand(session, opened.video)
            return Found(opened.link, opened.video, opened.asset, brand, tracks)

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
        return self._with_cookie(request, found.link, response)

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
        )
        headers = self._responses.styled(self._responses.player_headers, found.brand.styles)
        return self._responses.page(render_share(view), headers={**PRIVATE, **headers})

    def _form_page(
        self,
        found: Found,
        problem: str | None = None,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> Response:
        view = EntryView(
            brand=found.brand,
            messages=messages(found.video.language),
            title=found.video.title,
            action=self._path(found.link),
            has_password=found.link.password_hash is not None,
            problem=problem,
            prefix=self._prefix,
        )
        policy = self._responses.styled(self._responses.form_headers, found.brand.styles)
        headers = {**PRIVATE, **policy, **(headers or {})}
        return self._responses.page(render_entry(view), status, headers)

    def _is_let_in(self, request: Request, link: GuestLink) -> bool:
        expires, _, signature = request.cookies.get(_cookie(link), "").partition(".")
        if not expires.isdecimal() or len(expires) > 12 or int(expires) < time.time():
            return False
        return self._runtime.signer.verify(PURPOSE, _message(link, expires), signature)

    def _with_cookie(self, request: Request, link: GuestLink, response: Response) -> Response:
        expires = str(int(time.time()) + VISIT_SECONDS)
        signature = self._runtime.signer.signature(PURPOSE, _message(link, expires))
        response.set_cookie(
            _cookie(link),
            f"{expires}.{signature}",
            max_age=VISIT_SECONDS,
            path=self._path(link),
            secure=is_https(request, self._base_url),
            httponly=True,
            samesite="lax",
        )
        return response


def _cookie(link: GuestLink) -> str:
    return f"playout_link_{link.id}"


def _message(link: GuestLink, expires: str) -> str:
    return f"{link.slug}.{link.epoch}.{expires}"
