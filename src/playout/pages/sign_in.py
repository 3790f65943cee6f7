"""The forms to sign in and out: members may watch more videos. They need no script."""

from collections.abc import Sequence
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.accounts.sessions import LIFETIME, end_session, is_session, open_session
from playout.core.principal import WORKER, Principal
from playout.core.unit import Origin
from playout.kit.http.client_address import client_network
from playout.kit.http.public_address import split_url
from playout.kit.rate_limit import RateLimit
from playout.pages.forms import check_origin, is_https, is_own_host, read_form
from playout.pages.messages import messages
from playout.pages.render import render_sign_in
from playout.pages.responses import PRIVATE, Responses
from playout.pages.viewers import COOKIE, Viewers, is_user_token
from playout.pages.views import SignInView
from playout.runtime import Runtime

ATTEMPTS_A_MINUTE = 30
"""Wrong tokens that one client may send in a minute."""
ORIGIN = Origin("pages")


class SignIn:
    """Serves `/sign-in` and `/sign-out`."""

    def __init__(self, runtime: Runtime, viewers: Viewers, responses: Responses) -> None:
        self._runtime = runtime
        self._viewers = viewers
        self._responses = responses
        self._base_url = runtime.settings.base_url
        self._prefix = runtime.settings.address.prefix
        self._home = f"{self._prefix}/"
        self._failures = RateLimit(ATTEMPTS_A_MINUTE, runtime.settings.redis_url)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/sign-in", self.form),
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
        ]

    async def form(self, request: Request) -> Response:
        viewer = await self._viewers.viewer_of(request)
        return self._page(
            self._next_path(request), viewer=(viewer.full_name or viewer.name) if viewer else None
        )

    async def sign_in(self, request: Request) -> Response:
        check_origin(request, self._base_url)
        form = await read_form(request)
        token, next_ = form.get("token", "").strip(), local_path(form.get("next", ""), self._home)
        member = await self._viewers.principal_of(token) if is_user_token(token) else None
        if member is None:
            return await self._refuse(request, next_)
        answer = RedirectResponse(next_, 303, PRIVATE)
        await self._set_cookie(request, answer, member)
        return answer

    async def enter(self, request: Request, answer: Response, token: str) -> None:
        """Sign the member with this token in, by a cookie of the answer."""
        member = await self._viewers.principal_of(token)
        if member is not None:
            await self._set_cookie(request, answer, member)

    async def _set_cookie(self, request: Request, answer: Response, member: Principal) -> None:
        session = await run_in_threadpool(self._open_session, member, request.cookies.get(COOKIE))
        answer.set_cookie(
            COOKIE,
            session,
            max_age=int(LIFETIME.total_seconds()),
            secure=is_https(request, self._base_url),
            httponly=True,
            samesite="lax",
            path=self._home,
        )

    async def _refuse(self, request: Request, next_: str) -> Response:
        """Answer a wrong token. Only wrong ones are limited: others may share the address."""
        status = await self._failures.hit(f"sign-in:{client_network(request.scope)}")
        if not status.allowed:
            problem = "Too many attempts. Wait a minute, then try again."
            return self._page(next_, 429, status.headers, problem=problem)
        problem = "This is not the token of a member, or it was revoked."
        return self._page(next_, 403, problem=problem)

    async def sign_out(self, request: Request) -> Response:
        check_origin(request, self._base_url)
        cookie = request.cookies.get(COOKIE, "")
        if is_session(cookie):
            await run_in_threadpool(self._end_session, cookie)
        answer = RedirectResponse(self._home, 303, PRIVATE)
        answer.delete_cookie(
            COOKIE,
            self._home,
            secure=is_https(request, self._base_url),
            httponly=True,
            samesite="lax",
        )
        return answer

    def _open_session(self, member: Principal, former: str | None) -> str:
        """Return the text of a new session, which replaces the one that the browser had."""
        with self._runtime.work.write(member, ORIGIN) as unit:
            if former is not None and is_session(former):
                end_session(unit, self._runtime.signer, former)
            return open_session(unit, self._runtime.signer)

    def _end_session(self, cookie: str) -> None:
        # Whoever has the cookie may end the session, so it needs no principal of its own.
        with self._runtime.work.write(WORKER, ORIGIN) as unit:
            end_session(unit, self._runtime.signer, cookie)

    def _page(
        self,
        next_: str,
        status: int = 200,
        headers: dict[str, str] | None = None,
        *,
        viewer: str | None = None,
        problem: str | None = None,
    ) -> Response:
        view = SignInView(
            site_name=self._runtime.settings.site_name,
            next=next_,
            viewer=viewer,
            problem=problem,
            prefix=self._prefix,
            messages=messages(self._runtime.settings.language),
        )
        headers = {**PRIVATE, **self._responses.form_headers, **(headers or {})}
        return self._responses.page(render_sign_in(view), status, headers)

    def _next_path(self, request: Request) -> str:
        """Return the page to go to after signing in: that in `next`, else the page before."""
        if "next" in request.query_params:
            return local_path(request.query_params["next"], self._home)
        referrer = split_url(request.headers.get("referer", ""))
        is_own = (
            is_own_host(request, self._base_url, referrer.netloc)
            and referrer.path != f"{self._home}sign-in"
        )
        return local_path(referrer.path, self._home) if is_own else self._home


def local_path(path: str, home: str = "/") -> str:
    """Return the path if it leads a browser to a page of this site, else `home`.

    All pages are below `home`. Other sites may be beside it, so a path with `..` leads away.
    """
    # Browsers drop control characters and read a backslash as a slash: "/\t/x" is another site.
    unsafe = any(character <= " " or character == "\\" for character in path)
    leads_up = ".." in unquote(path).split("/")
    is_local = path.startswith(home) and not path.startswith("//")
    return path if is_local and not unsafe and not leads_up else home
