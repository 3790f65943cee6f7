"""The entrance of pages with a password: who may pass, and the form for whoever may not yet."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from playout.kit.errors import NotFound
from playout.kit.http.client_address import client_network
from playout.kit.passwords import verify_password
from playout.kit.rate_limit import RateLimit
from playout.kit.text import normalize
from playout.pages.forms import check_origin, is_https, read_form
from playout.pages.landing.views import BrandView, EntryView
from playout.pages.messages import Messages
from playout.pages.render import render_entry
from playout.pages.responses import PRIVATE, Responses
from playout.runtime import Runtime

WITH_FORM = ["GET", "HEAD", "POST"]
"""Methods of a page that may have a password: its form is sent to the page itself."""
PURPOSE = "entrance"
VISIT_SECONDS = 12 * 3600
ATTEMPTS_A_MINUTE = 10
"""Passwords that one client may send to one door in a minute. Right ones count as well: to let them
pass would let everybody guess on."""
WRONG = "This is not the password."
TOO_MANY = "Too many attempts. Wait a minute, then try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A page that not everybody may see, and what its form shows.

    `name` tells it from all other doors. `seal` changes with the password. `path` is that of the
    page. Other sites show the page of a door with `ancestors` in a frame.
    """

    name: str
    seal: str
    path: str
    scope: str = ""
    """The path below which the cookie is sent, if that is another."""
    password_hash: str | None
    title: str
    brand: BrandView
    messages: Messages
    ancestors: str = ""

    @property
    def cookie(self) -> str:
        return f"playout_{self.name}"


class Locked(NotFound):
    """A page with a password that the visitor has not entered yet. To programs it is not there."""

    def __init__(self, door: Door) -> None:
        super().__init__("This page has a password.")
        self.door = door


class Entrance:
    """Lets visitors in. Whoever is let in gets a cookie for that door alone."""

    def __init__(self, runtime: Runtime, responses: Responses) -> None:
        self._runtime = runtime
        self._responses = responses
        self._base_url = runtime.settings.base_url
        self._attempts = RateLimit(ATTEMPTS_A_MINUTE, runtime.settings.redis_url)

    def is_let_in(self, request: Request, door: Door) -> bool:
        """Return whether the visitor passed the door within the last hours."""
        expires, _, signature = request.cookies.get(door.cookie, "").partition(".")
        if not expires.isdecimal() or len(expires) > 12 or int(expires) < time.time():
            return False
        return self._runtime.signer.verify(PURPOSE, _message(door, expires), signature)

    async def read_password(self, request: Request) -> str:
        """Return the password of a form of this site. Raise `Forbidden` for that of another one."""
        check_origin(request, self._base_url)
        return normalize((await read_form(request)).get("password", ""))

    async def refusal(self, request: Request, door: Door, password: str) -> Response | None:
        """Return the form with what is wrong, or None if the password opens the door.

        The passwords of a client are limited, so that none can be guessed.
        """
        if door.password_hash is None:
            return None
        status = await self._attempts.hit(f"{door.name}:{client_network(request.scope)}")
        if not status.allowed:
            return self.form(door, TOO_MANY, 429, status.headers)
        if await self._runtime.read_for_page(verify_password, door.password_hash, password):
            return None
        return self.form(door, WRONG, 403)

    def form(
        self,
        door: Door,
        problem: str | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the form that lets a visitor in."""
        view = EntryView(
            brand=door.brand,
            messages=door.messages,
            title=door.title,
            action=door.path,
            has_password=door.password_hash is not None,
            problem=problem,
            prefix=self._runtime.settings.address.prefix,
        )
        policy = self._responses.styled(self._responses.form_headers, door.brand.styles)
        policy = self._responses.framed(policy, door.ancestors)
        return self._responses.page(
            render_entry(view), status, {**PRIVATE, **policy, **(headers or {})}
        )

    def with_cookie(self, request: Request, door: Door, response: Response) -> Response:
        """Return the response with the cookie of a visitor who is let in."""
        expires = str(int(time.time()) + VISIT_SECONDS)
        signature = self._runtime.signer.signature(PURPOSE, _message(door, expires))
        secure = is_https(request, self._base_url)
        # Browsers keep the cookies of a frame apart for each site that shows it, and by https only.
        is_framed = bool(door.ancestors) and secure
        response.set_cookie(
            door.cookie,
            f"{expires}.{signature}",
            max_age=VISIT_SECONDS,
            path=door.scope or door.path,
            secure=secure,
            httponly=True,
            samesite="none" if is_framed else "lax",
        )
        if is_framed:
            response.headers["Set-Cookie"] += "; Partitioned"
        return response


def _message(door: Door, expires: str) -> str:
    return f"{door.name}.{door.seal}.{expires}"
