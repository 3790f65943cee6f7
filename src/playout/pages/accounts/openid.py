"""Sign-in by a provider of OpenID Connect: the way there, the way back, and the page at the end.

What belongs to an attempt waits in a cookie of the browser that began it, encrypted, so that any
process may go on with it and nobody else can. It works once.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.accounts import challenges, identities
from playout.core.accounts.identities import CALLBACK, Entry, Rules
from playout.core.accounts.people import own_user
from playout.core.accounts.sessions import NO_ORGANIZATION, Arrival, is_personal
from playout.core.principal import WORKER, Principal
from playout.core.unit import Origin
from playout.kit.bulkhead import Bulkhead
from playout.kit.clock import utcnow
from playout.kit.errors import Conflict, Forbidden, Invalid, PlayoutError, Unavailable
from playout.kit.http.client_address import client_network
from playout.kit.openid.model import Attempt, Identity
from playout.kit.openid.provider import Provider
from playout.kit.rate_limit import RateLimit
from playout.pages.accounts.sign_in import (
    ATTEMPTS_A_MINUTE,
    SIGNED_OUT,
    TOO_MANY,
    SignIn,
    local_path,
)
from playout.pages.accounts.views import SignedOutView
from playout.pages.forms import is_https
from playout.pages.messages import messages
from playout.pages.render import render_signed_out
from playout.pages.responses import PRIVATE, Responses
from playout.pages.viewers import COOKIE as SESSION
from playout.pages.viewers import Viewers
from playout.runtime import Runtime

PATH = "/sign-in/openid"
ORIGIN = Origin("pages")
COOKIE = "playout_openid"
THREADS = 4
ATTEMPT_TIME = timedelta(minutes=10)
LINK_PURPOSE = "link-identity"
AWAY = "The sign-in service does not answer at the moment. Try again soon, or sign in another way."
REFUSED = "The sign-in service did not sign you in."


log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class KeptAttempt:
    """An attempt, as the cookie keeps it. `user_id` is whose account it links; 0 for a sign-in."""

    state: str
    nonce: str
    verifier: str
    next: str
    user_id: int
    until: int

    @property
    def attempt(self) -> Attempt:
        return Attempt(self.state, self.nonce, self.verifier)

    @property
    def expires_at(self) -> datetime:
        return datetime.fromtimestamp(self.until, UTC)


class OpenId:
    """Serves `/sign-in/openid` and what is below it, if the operator has chosen a provider."""

    def __init__(
        self, runtime: Runtime, viewers: Viewers, sign_in: SignIn, responses: Responses
    ) -> None:
        self._runtime = runtime
        self._viewers = viewers
        self._sign_in = sign_in
        self._responses = responses
        settings = runtime.settings
        self._prefix = settings.address.prefix
        self._rules = Rules.of(settings)
        self._lifetime = timedelta(hours=settings.oidc_session_hours)
        self._calls = Bulkhead("sign-in service", THREADS)
        self._failures = RateLimit(ATTEMPTS_A_MINUTE, settings.redis_url)

    def routes(self) -> Sequence[BaseRoute]:
        provider = self._runtime.provider
        if provider is None:
            return []
        self._provider: Provider = provider
        return [
            Route(PATH, self.begin),
            Route(CALLBACK, self.finish),
            Route(SIGNED_OUT, self.signed_out),
        ]

    async def begin(self, request: Request) -> Response:
        """Send the browser to the provider."""
        home = f"{self._prefix}/"
        next_ = local_path(request.query_params.get("next", ""), home)
        user_id = 0
        if "link" in request.query_params:
            viewer = await self._viewers.viewer_of(request)
            user_id = await self._runtime.read_for_page(self._linking, request, viewer)
            next_ = f"{self._prefix}/console/account"
        attempt = Attempt.new()
        until = int((utcnow() + ATTEMPT_TIME).timestamp())
        kept = KeptAttempt(**asdict(attempt), next=next_, user_id=user_id, until=until)
        try:
            address = await self._calls.run(self._provider.address, attempt)
        except Unavailable:
            return await self._away(next_, is_linking=user_id != 0)
        answer = RedirectResponse(address, 302, {**PRIVATE, "Referrer-Policy": "no-referrer"})
        sealed = self._runtime.cipher.encrypt(json.dumps(asdict(kept))).decode()
        self._set_cookie(request, answer, kept.state, sealed)
        return answer

    async def finish(self, request: Request) -> Response:
        """Sign in whom the provider sent back, or link the identity to who is signed in."""
        kept = self._kept(request)
        next_ = kept.next if kept else f"{self._prefix}/"
        failures = f"openid:{client_network(request.scope)}"
        try:
            # Each attempt asks the provider, even one in vain. An answer to none asks nobody, and
            # any page on the web can send some: it keeps nobody out.
            if kept is not None and not await self._failures.allows(failures):
                return await self._sign_in.by_provider_page(next_, 429, TOO_MANY)
            answer = await self._finished(request, kept)
        except Unavailable as error:
            log.warning("openid.failed", error=error.message)
            answer = await self._away(next_, is_linking=kept is not None and kept.user_id != 0)
        except (Conflict, Forbidden, Invalid) as error:
            log.info("openid.refused", error=error.message)
            if kept is not None:
                await self._failures.hit(failures)
            answer = await self._refusal(kept, error)
        if kept is not None:
            self._set_cookie(request, answer, kept.state, "")
        return answer

    async def _finished(self, request: Request, kept: KeptAttempt | None) -> Response:
        if kept is None:
            raise Invalid(challenges.TRY_AGAIN)
        run = self._runtime.page_reads.run
        await run(self._spend, kept)
        who = await self._calls.run(
            self._provider.identity, kept.attempt, dict(request.query_params)
        )
        answer = RedirectResponse(kept.next, 303, PRIVATE)
        if kept.user_id:
            viewer = await self._viewers.viewer_of(request)
            await run(self._link, request, kept, viewer, who)
            return answer
        entry = await run(self._enter, who)
        if entry is None:
            raise Forbidden(NO_ORGANIZATION)
        arrival = Arrival(identity=entry.identity, lifetime=self._lifetime)
        await self._sign_in.enter(request, answer, entry.user, arrival)
        return answer

    async def signed_out(self, _: Request) -> Response:
        """Say that the session here has ended, and where to end the one at the provider."""
        settings = self._runtime.settings
        try:
            url = await self._calls.run(self._provider.sign_out_address, f"{settings.base_url}/")
        except PlayoutError:
            url = None
        view = SignedOutView(
            site_name=settings.site_name,
            prefix=self._prefix,
            sign_out_url=url,
            messages=messages(settings.language),
        )
        return self._responses.page(render_signed_out(view), 200, PRIVATE)

    def _kept(self, request: Request) -> KeptAttempt | None:
        """Return the attempt that an answer is to, if this browser began it a moment ago."""
        state = request.query_params.get("state", "")
        try:
            text = self._runtime.cipher.decrypt(request.cookies.get(_cookie(state), "").encode())
        except Conflict:
            return None
        kept = KeptAttempt(**json.loads(text))
        is_open = kept.state == state and utcnow() < kept.expires_at
        return kept if is_open else None

    def _spend(self, kept: KeptAttempt) -> None:
        with self._runtime.work.write(WORKER, ORIGIN) as unit:
            challenges.spend(unit, self._runtime.signer, kept.state, kept.expires_at)

    def _enter(self, who: Identity) -> Entry | None:
        with self._runtime.work.write(WORKER, ORIGIN) as unit:
            return identities.enter(unit, self._rules, who)

    def _linking(self, request: Request, viewer: Principal | None) -> int:
        """Return the id of the person who asked, on the page of the account, to link an identity.

        Raise `Forbidden` for anybody else, such as another site that sends a browser here.
        """
        signer, cookie = self._runtime.signer, request.cookies.get(SESSION, "")
        token = request.query_params["link"]
        with self._runtime.work.read(WORKER) as unit:
            is_own = viewer is not None and is_personal(unit, signer, cookie, viewer)
            if viewer is None or not is_own or not signer.verify(LINK_PURPOSE, cookie, token):
                raise Forbidden("Open “Your account” anew, and link it from there.")
            return own_user(unit, viewer).id

    def _link(
        self, request: Request, kept: KeptAttempt, viewer: Principal | None, who: Identity
    ) -> None:
        cookie = request.cookies.get(SESSION, "")
        with self._runtime.work.write(WORKER, ORIGIN) as unit:
            is_same = viewer is not None and viewer.user_id == kept.user_id
            is_own = is_same and is_personal(unit, self._runtime.signer, cookie, viewer)
            if viewer is None or not is_own:
                raise Invalid(challenges.TRY_AGAIN)
            identities.link(unit, own_user(unit, viewer), who, viewer.organization_id)

    async def _away(self, next_: str, *, is_linking: bool) -> Response:
        """Answer while the provider does not: who links an identity is signed in already."""
        if is_linking:
            return self._responses.notice("Not linked", AWAY, 503)
        return await self._sign_in.by_provider_page(next_, 503, AWAY)

    async def _refusal(
        self, kept: KeptAttempt | None, error: Conflict | Forbidden | Invalid
    ) -> Response:
        """Answer an attempt in vain."""
        if kept is not None and kept.user_id:
            return self._responses.notice("Not linked", error.message, 403)
        message = error.message if error.message in SAID else REFUSED
        next_ = kept.next if kept else f"{self._prefix}/"
        return await self._sign_in.by_provider_page(next_, 403, message)

    def _set_cookie(self, request: Request, answer: Response, state: str, value: str) -> None:
        """Set the cookie of an attempt, or delete it with an empty value."""
        answer.set_cookie(
            _cookie(state),
            value,
            max_age=int(ATTEMPT_TIME.total_seconds()) if value else 0,
            path=f"{self._prefix}{PATH}",
            secure=is_https(request, self._runtime.settings.base_url),
            httponly=True,
            samesite="lax",
        )


SAID = {challenges.TRY_AGAIN, NO_ORGANIZATION, identities.UNVERIFIED, identities.HAS_ACCOUNT}
"""The reasons that a person can do something about. The log has the others."""


def link_token(runtime: Runtime, cookie: str) -> str:
    """Return what shows that a page of that session asked to link an identity."""
    return runtime.signer.signature(LINK_PURPOSE, cookie)


def _cookie(state: str) -> str:
    """Return the name of the cookie of an attempt: several tabs may have one each."""
    short = "".join(each for each in state[:10] if each.isalnum())
    return f"{COOKIE}_{short}"
