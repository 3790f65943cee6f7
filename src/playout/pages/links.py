"""The pages of guest links: a video for whoever has the address, and the password if it has one."""

import time
from collections.abc import Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.links import queries
from playout.core.links.model import GuestLink
from playout.core.links.serving import LinkOver, OpenLink, open_link
from playout.core.playback.grants import link_holder
from playout.kit.clock import utcnow
from playout.kit.http.client_address import client_network
from playout.kit.passwords import verify_password
from playout.kit.rate_limit import RateLimit
from playout.pages.forms import check_origin, is_https, read_form
from playout.pages.render import render_password, render_share
from playout.pages.responses import PRIVATE, Responses
from playout.pages.tracks import captions
from playout.pages.views import CaptionTrack, PasswordView, ShareView
from playout.runtime import Runtime

PURPOSE = "guest link"
VISIT_SECONDS = 12 * 3600
GUESSES_A_MINUTE = 10
"""Wrong passwords that one client may send to one link in a minute."""


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
            found, tracks = await self._find(request)
        except LinkOver as error:
            return self._over(error)
        if self._is_let_in(request, found.link):
            return self._video_page(found, tracks)
        if found.link.password_hash is not None:
            return self._password_page(found)
        if request.method == "HEAD":
            return self._video_page(found, tracks)
        if not await self._count(found.link):
            return self._over(LinkOver("This link was opened as often as it may be."))
        return self._let_in(request, found.link, self._video_page(found, tracks))

    async def enter(self, request: Request) -> Response:
        """Take the password. Only wrong ones are limited: others may share the address."""
        check_origin(request, self._base_url)
        password = (await read_form(request)).get("password", "")
        try:
            found, _ = await self._find(request)
        except LinkOver as error:
            return self._over(error)
        hashed, key = found.link.password_hash, f"link:{found.link.id}"
        limit = f"{key}:{client_network(request.scope)}"
        if hashed is not None and not await self._runtime.read_for_page(
            verify_password, hashed, password
        ):
            status = await self._failures.hit(limit)
            if not status.allowed:
                problem = "Too many attempts. Wait a minute, then try again."
                return self._password_page(found, problem, 429, status.headers)
            return self._password_page(found, "This is not the password.", 403)
        if not self._is_let_in(request, found.link) and not await self._count(found.link):
            return self._over(LinkOver("This link was opened as often as it may be."))
        return self._let_in(
            request, found.link, RedirectResponse(self._path(found.link), 303, PRIVATE)
        )

    def _path(self, link: GuestLink) -> str:
        return f"{self._prefix}/l/{link.slug}"

    async def _find(self, request: Request) -> tuple[OpenLink, tuple[CaptionTrack, ...]]:
        slug = request.path_params["slug"]
        return await self._runtime.read_for_page(self._load, slug, utcnow())

    def _load(self, slug: str, now: datetime) -> tuple[OpenLink, tuple[CaptionTrack, ...]]:
        with self._runtime.database.read_session() as session:
            found = open_link(session, slug, now)
            via = link_holder(slug, found.link.epoch)
            url_of = self._runtime.playback.url_builder(found.video, now, via=via)
            return found, captions(session, found.video, url_of)

    async def _count(self, link: GuestLink) -> bool:
        return await self._runtime.read_for_page(self._count_view, link.id)

    def _count_view(self, link_id: int) -> bool:
        with self._runtime.database.write_session() as session:
            return queries.count_view(session, link_id, utcnow())

    def _video_page(self, found: OpenLink, tracks: tuple[CaptionTrack, ...]) -> Response:
        link, video, asset = found.link, found.video, found.asset
        via = link_holder(link.slug, link.epoch)
        urls = self._runtime.playback.urls(video, asset, utcnow(), via=via)
        view = ShareView(
            site_name=self._runtime.settings.site_name,
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
            captions=tracks,
            storyboard_url=urls.pictures.storyboard,
        )
        headers = {**PRIVATE, **self._responses.player_headers}
        return self._responses.page(render_share(view), headers=headers)

    def _password_page(
        self,
        found: OpenLink,
        problem: str | None = None,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> Response:
        view = PasswordView(
            site_name=self._runtime.settings.site_name,
            action=self._path(found.link),
            problem=problem,
            prefix=self._prefix,
        )
        headers = {**PRIVATE, **self._responses.form_headers, **(headers or {})}
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
