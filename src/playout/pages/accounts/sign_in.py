"""The forms to sign in and out: members may watch more videos. They need no script.

A member signs in as a person, with a password, or with a user token for one organization.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.accounts import passkeys, people, people_queries
from playout.core.accounts.model import User
from playout.core.accounts.sessions import (
    LIFETIME,
    Arrival,
    end_session,
    is_session,
    open_personal,
    open_session,
)
from playout.core.principal import WORKER, Principal
from playout.core.unit import Origin, WriteUnit
from playout.kit.errors import Forbidden, Invalid
from playout.kit.http.client_address import client_network
from playout.kit.http.public_address import split_url
from playout.kit.rate_limit import RateLimit
from playout.kit.text import normalize
from playout.kit.user_agents import device_name
from playout.pages.accounts.guessing import Guessing
from playout.pages.accounts.views import SignInView
from playout.pages.forms import check_origin, is_https, is_own_host, read_form
from playout.pages.messages import messages
from playout.pages.render import render_sign_in
from playout.pages.responses import FORMS, PRIVATE, Responses
from playout.pages.viewers import COOKIE, Viewers, is_user_token
from playout.runtime import Runtime

ATTEMPTS_A_MINUTE = 30
"""Wrong tokens that one client may send in a minute."""
ORIGIN = Origin("pages")
TOO_MANY = "Too many attempts. Wait a minute, then try again."
LABEL = "Sign in with your organization"
SIGNED_OUT = "/sign-in/openid/signed-out"
WRONG_TOKEN = "This is not the token of a member, or it was revoked."  # noqa: S105
WRONG_PASSWORD = "This is not the e-mail address and password of a member."  # noqa: S105


class SignIn:
    """Serves `/sign-in` and `/sign-out`."""

    def __init__(self, runtime: Runtime, viewers: Viewers, responses: Responses) -> None:
        self._runtime = runtime
        self._viewers = viewers
        self._responses = responses
        self._base_url = runtime.settings.base_url
        self._prefix = runtime.settings.address.prefix
        self._home = f"{self._prefix}/"
        self._guessing = Guessing(runtime)
        settings = runtime.settings
        self._site = passkeys.Site(runtime.signer, settings.base_url, settings.site_name)
        self._provider = (settings.oidc_label or LABEL) if settings.oidc_issuer else ""
        self._failures = RateLimit(ATTEMPTS_A_MINUTE, runtime.settings.redis_url)

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/sign-in", self.form),
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/sign-in/passkey", self.by_passkey, methods=["POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
        ]

    async def form(self, request: Request) -> Response:
        viewer = await self._viewers.viewer_of(request)
        return await self._page(
            self._next_path(request), viewer=(viewer.full_name or viewer.name) if viewer else None
        )

    async def sign_in(self, request: Request) -> Response:
        check_origin(request, self._base_url)
        form = await read_form(request)
        next_ = local_path(form.get("next", ""), self._home)
        if "token" not in form:
            return await self._by_password(request, form, next_)
        token = form["token"].strip()
        member = await self._viewers.principal_of(token) if is_user_token(token) else None
        if member is None:
            return await self._refuse_token(request, next_)

        def open_(unit: WriteUnit) -> str:
            return open_session(unit, self._runtime.signer, _device(request))

        answer = RedirectResponse(next_, 303, PRIVATE)
        session = await run_in_threadpool(self._replaced, member, request, open_)
        self._set_cookie(request, answer, session)
        return answer

    async def by_passkey(self, request: Request) -> Response:
        check_origin(request, self._base_url)
        form = await read_form(request)
        next_ = local_path(form.get("next", ""), self._home)
        answer = RedirectResponse(next_, 303, PRIVATE)
        try:
            user = await self._runtime.page_reads.run(self._owner_of_passkey, form)
            await self.enter(request, answer, user)
        except (Forbidden, Invalid) as error:
            return await self._page(next_, 403, problem=error.message)
        return answer

    def _owner_of_passkey(self, form: Mapping[str, str]) -> User:
        with self._runtime.work.write(WORKER, ORIGIN) as unit:
            return passkeys.person_of(
                unit, self._site, form.get("challenge", ""), form.get("credential", "")
            )

    async def enter(
        self,
        request: Request,
        answer: Response,
        user: User,
        arrival: Arrival | None = None,
    ) -> None:
        """Sign a person in, by a cookie of the answer. Raise `Forbidden` if no organization opens.

        The caller has made sure that it is the person.
        """
        comes = (arrival or Arrival())._replace(device=_device(request))

        def open_(unit: WriteUnit) -> str:
            return open_personal(unit, self._runtime.signer, user, comes)

        session = await run_in_threadpool(self._replaced, WORKER, request, open_)
        self._set_cookie(request, answer, session, comes.lifetime)
        self._guessing.remember(request, answer, user.email)

    async def _by_password(self, request: Request, form: dict[str, str], next_: str) -> Response:
        email = normalize(form.get("email", "").strip()).lower()
        status = await self._guessing.count(request, email)
        if not status.allowed:
            return await self._page(next_, 429, status.headers, email=email, problem=TOO_MANY)
        password = normalize(form.get("password", ""))
        user = await self._runtime.read_for_page(self._person, email, password)
        if user is None:
            return await self._page(next_, 403, email=email, problem=WRONG_PASSWORD)
        answer = RedirectResponse(next_, 303, PRIVATE)
        try:
            await self.enter(request, answer, user)
        except Forbidden as error:
            return await self._page(next_, 403, email=email, problem=error.message)
        return answer

    def _person(self, email: str, password: str) -> User | None:
        with self._runtime.work.read(WORKER) as unit:
            return people.by_password(unit, email, password)

    def _set_cookie(
        self, request: Request, answer: Response, session: str, lifetime: timedelta = LIFETIME
    ) -> None:
        answer.set_cookie(
            COOKIE,
            session,
            max_age=int(lifetime.total_seconds()),
            secure=is_https(request, self._base_url),
            httponly=True,
            samesite="lax",
            path=self._home,
        )

    async def _refuse_token(self, request: Request, next_: str) -> Response:
        """Answer a wrong token. Only wrong ones are limited: others may share the address."""
        status = await self._failures.hit(f"sign-in:{client_network(request.scope)}")
        if not status.allowed:
            return await self._page(next_, 429, status.headers, by_token=True, problem=TOO_MANY)
        return await self._page(next_, 403, by_token=True, problem=WRONG_TOKEN)

    async def sign_out(self, request: Request) -> Response:
        check_origin(request, self._base_url)
        cookie = request.cookies.get(COOKIE, "")
        by_provider = is_session(cookie) and await run_in_threadpool(self._end_session, cookie)
        where = f"{self._prefix}{SIGNED_OUT}" if by_provider and self._provider else self._home
        answer = RedirectResponse(where, 303, PRIVATE)
        answer.delete_cookie(
            COOKIE,
            self._home,
            secure=is_https(request, self._base_url),
            httponly=True,
            samesite="lax",
        )
        return answer

    def _replaced(
        self, principal: Principal, request: Request, open_: Callable[[WriteUnit], str]
    ) -> str:
        """Return the text of a new session, which replaces the one that the browser had."""
        former = request.cookies.get(COOKIE, "")
        with self._runtime.work.write(principal, ORIGIN) as unit:
            if is_session(former):
                end_session(unit, self._runtime.signer, former)
            return open_(unit)

    def _end_session(self, cookie: str) -> bool:
        # Whoever has the cookie may end the session, so it needs no principal of its own.
        with self._runtime.work.write(WORKER, ORIGIN) as unit:
            return end_session(unit, self._runtime.signer, cookie)

    async def by_provider_page(self, next_: str, status: int, problem: str) -> Response:
        """Return the page again, and why the provider has signed nobody in."""
        return await self._page(next_, status, by_provider=True, problem=problem)

    async def _page(
        self,
        next_: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        viewer: str | None = None,
        email: str = "",
        by_token: bool = False,
        by_provider: bool = False,
        problem: str | None = None,
    ) -> Response:
        has_passwords, has_passkeys = await self._runtime.read_for_page(self._ways_in)
        challenge = self._site.new_challenge("") if has_passkeys and viewer is None else ""
        view = SignInView(
            has_passwords=has_passwords,
            challenge=challenge,
            passkey_options=passkeys.request_options(self._site, challenge) if challenge else "",
            email=email,
            by_token=by_token,
            by_provider=by_provider,
            provider_label=self._provider,
            site_name=self._runtime.settings.site_name,
            next=next_,
            viewer=viewer,
            problem=problem,
            prefix=self._prefix,
            messages=messages(self._runtime.settings.language),
        )
        policy = {**FORMS, "script-src": "'self'"} if challenge else FORMS
        headers = {**PRIVATE, **self._responses.policy(policy), **(headers or {})}
        return self._responses.page(render_sign_in(view), status, headers)

    def _ways_in(self) -> tuple[bool, bool]:
        """Return whether anybody has a password, and whether anybody has a passkey."""
        with self._runtime.work.read(WORKER) as unit:
            can = self._site.can_have_passkeys and people_queries.has_passkeys(unit)
            return people_queries.has_passwords(unit), can

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


def _device(request: Request) -> str:
    return device_name(request.headers.get("user-agent", ""))


def local_path(path: str, home: str = "/") -> str:
    """Return the path if it leads a browser to a page of this site, else `home`.

    All pages are below `home`. Other sites may be beside it, so a path with `..` leads away.
    """
    # Browsers drop control characters and read a backslash as a slash: "/\t/x" is another site.
    unsafe = any(character <= " " or character == "\\" for character in path)
    leads_up = ".." in unquote(path).split("/")
    is_local = path.startswith(home) and not path.startswith("//")
    return path if is_local and not unsafe and not leads_up else home
