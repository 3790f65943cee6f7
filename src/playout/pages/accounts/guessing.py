"""The limit of guesses at passwords of members. It keeps nobody out who was in before.

Guesses are counted for each network and for each account: many addresses together guess no
faster than one. A browser that has signed in to an account before has a count of its own (OWASP's
device cookies): whoever guesses from elsewhere does not lock that member out. A passkey, a token
and the sign-in of an identity provider are not counted at all: nobody guesses them.
"""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from playout.kit.http.client_address import client_network
from playout.kit.rate_limit import RateLimit, RateLimitStatus
from playout.kit.signing import Signer
from playout.pages.forms import is_https
from playout.runtime import Runtime

OF_NETWORK = 30
"""Passwords that unknown browsers of one network may send in a minute."""
OF_ACCOUNT = 10
"""Passwords that unknown browsers together, or one known browser, may send in a minute for an
account."""
COOKIE = "playout_known"
PURPOSE = "known-browser"
KNOWN_SECONDS = 365 * 86_400


class Guessing:
    """Counts the passwords that are sent for accounts."""

    def __init__(self, runtime: Runtime) -> None:
        self._signer: Signer = runtime.signer
        self._base_url = runtime.settings.base_url
        self._home = f"{runtime.settings.address.prefix}/"
        self._of_network = RateLimit(OF_NETWORK, runtime.settings.redis_url)
        self._of_account = RateLimit(OF_ACCOUNT, runtime.settings.redis_url)

    async def count(self, request: Request, email: str) -> RateLimitStatus:
        """Count a password that is sent for an account. Do not look at it unless it is allowed."""
        nonce = self._known(request, email)
        if nonce is not None:
            return await self._of_account.hit(f"known:{nonce}")
        status = await self._of_network.hit(f"password:{client_network(request.scope)}")
        if not status.allowed:
            return status
        return await self._of_account.hit(f"account:{self._signer.signature(PURPOSE, email)}")

    def remember(self, request: Request, answer: Response, email: str) -> None:
        """Make the browser one that has signed in to this account."""
        nonce = secrets.token_urlsafe(16)
        answer.set_cookie(
            COOKIE,
            f"{nonce}.{self._signature(email, nonce)}",
            max_age=KNOWN_SECONDS,
            secure=is_https(request, self._base_url),
            httponly=True,
            samesite="lax",
            path=self._home,
        )

    def _known(self, request: Request, email: str) -> str | None:
        """Return what tells a browser from others that have signed in to this account before."""
        nonce, _, signature = request.cookies.get(COOKIE, "").partition(".")
        if not self._signer.verify(PURPOSE, f"{email}.{nonce}", signature):
            return None
        return nonce

    def _signature(self, email: str, nonce: str) -> str:
        return self._signer.signature(PURPOSE, f"{email}.{nonce}")
