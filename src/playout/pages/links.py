"""The pages of guest links: a video for whoever has the address, and the password if it has one."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.brands import service as brands
from playout.core.links import queries
from playout.core.links.model import GuestLink
from playout.core.links.serving import LinkOver, OpenLink, open_link
from playout.core.playback.grants import link_holder
from playout.core.projects.model import Project
from playout.kit.clock import utcnow
from playout.kit.http.client_address import client_network
from playout.kit.passwords import verify_password
from playout.kit.rate_limit import RateLimit
from playout.kit.text import normalize
from playout.pages.brands import brand_view
from playout.pages.forms import check_origin, is_https, read_form
from playout.pages.messages import messages
from playout.pages.render import render_password, render_share
from playout.pages.responses import PRIVATE, Responses
from playout.pages.tracks import captions
from playout.pages.views import BrandView, CaptionTrack, PasswordView, ShareView
from playout.runtime import Runtime

PURPOSE = "guest link"
VISIT_SECONDS = 12 * 3600
GUESSES_A_MINUTE = 10
"""Wrong passwords that one client may send to one link in a minute."""


@dataclass(frozen=True, slots=True)
class Found:
    """A link that opens its video, with what its page shows."""

    opened: OpenLink
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
        self._failures = RateLimit(GUESSES_A_MINUTE, runtime.settings.redis_url)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/l/{slug}", self.show),
            Route("/l/{slug}", self.enter, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show the video, or ask for the password."""
        try:
            found = await self._find(request)
        except LinkOver as error:
            return self._over(error)
        if self._is_let_in(request, found.opened.link):
            return self._video_page(found)
        if found.opened.link.password_hash is not None:
            return self._password_page(found)
        if request.method == "HEAD":
            return self._video_page(found)
        if not await self._count(found.opened.link):
            return self._over(LinkOver("This link was opened as often as it may be."))
        return self._let_in(request, found.opened.link, self._video_page(found))

    async def enter(self, request: Request) -> Response:
        """Take the password. Only wrong ones are limited: others may share the address."""
        check_origin(request, self._base_url)
        password = normalize((await read_form(request)).get("password", ""))
        try:
            found = await self._find(request)
        except LinkOver as error:
            return self._over(error)
        hashed, key = found.opened.link.password_hash, f"link:{found.opened.link.id}"
        limit = f"{key}:{client_network(request.scope)}"
        if hashed is not None and not await self._runtime.read_for_page(
            verify_password, hashed, password
        ):
            status = await self._failures.hit(limit)
            if not status.allowed:
                problem = "Too many attempts. Wait a minute, then try again."
                return self._password_page(found, problem, 429, status.headers)
            return self._password_page(found, "This is not the password.", 403)
        link = found.opened.link
        if not self._is_let_in(request, link) and not await self._count(link):
            return self._over(LinkOver("This link was opened as often as it may be."))
        return self._let_in(request, link, RedirectResponse(self._path(link), 303, PRIVATE))

    def _path(self, link: GuestLink) -> str:
        return f"{self._prefix}/l/{link.slug}"

    async def _find(self, request: Request) -> Found:
        slug = request.path_params["slug"]
        return await self._runtime.read_for_page(self._load, slug, utcnow())

    def _load(self, slug: str, now: datetime) -> Found:
        with self._runtime.database.read_session() as session:
            opened = open_link(session, slug, now)
            via = link_holder(slug, opened.link.epoch)
            url_of = self._runtime.playback.url_builder(opened.video, now, via=via)
            project = session.get_one(Project, opened.video.project_id)
            brand = brand_view(project, brands.of_project(session, project), self._prefix)
            return Found(opened, brand, captions(session, opened.video, url_of))

    async def _count(self, link: GuestLink) -> bool:
        return await self._runtime.read_for_page(self._count_view, link.id)

    def _count_view(self, link_id: int) -> bool:
        with self._runtime.database.write_session() as session:
            return queries.count_view(session, link_id, utcnow())

    def _video_page(self, found: Found) -> Response:
        link, video, asset = found.opened.link, found.opened.video, found.opened.asset
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
            cta_label=None,
            cta_url=None,
            width=asset.width if asset else None,
            height=asset.height if asset else None,
            poster_url=urls.poster,
            video_url=urls.video,
            hls_url=urls.hls,
            video_type="video/mp4",
            captions=found.captions,
            storyboard_url=urls.pictures.storyboard,
        )
        headers = self._responses.styled(self._responses.player_headers, found.brand.styles)
        return self._responses.page(render_share(view), headers={**PRIVATE, **headers})

    def _password_page(
        self,
        found: Found,
        problem: str | None = None,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> Response:
        view = PasswordView(
            brand=found.brand,
            messages=messages(found.opened.video.language),
            action=self._path(found.opened.link),
            problem=problem,
            prefix=self._prefix,
        )
        policy = self._responses.styled(self._responses.form_headers, found.brand.styles)
        headers = {**PRIVATE, **policy, **(headers or {})}
        return self._responses.page(render_password(view), status, headers)

    def _over(self, error: LinkOver) -> Response:
        page = self._responses.notice("This link is over", error.message, 404)
        page.headers.update(PRIVATE)
        return page

    def _is_let_in(self, request: Request, link: GuestLink) -> bool:
        expires, _, signature = request.cookies.get(_cookie(link), "").partition(".")
        if not expires.isdecimal() or len(expires) > 12 or int(expires) < time.time():
            return False
        return self._runtime.signer.verify(PURPOSE, _message(link, expires), signature)

    def _let_in(self, request: Request, link: GuestLink, response: Response) -> Response:
        """Return the response with the cookie of a visitor who is let in."""
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
