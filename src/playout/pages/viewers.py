"""The viewer of a page: a member who is signed in, or the principal of a credential."""

from starlette.requests import Request

from playout.core.accounts.model import KeyKind
from playout.core.principal import Principal
from playout.kit.errors import Unauthenticated
from playout.kit.http.failed_credentials import FailedCredentials
from playout.runtime import Runtime

COOKIE = "playout_session"
"""The name of the cookie that contains the session of a member who is signed in."""


class Viewers:
    """The viewers of pages. `failures` limits the wrong credentials of each client.

    A cookie is not counted: a browser goes on sending it when its session has ended.
    """

    def __init__(self, runtime: Runtime, failures: FailedCredentials) -> None:
        self._runtime = runtime
        self._failures = failures

    async def viewer_of(self, request: Request) -> Principal | None:
        """Return the principal of `Authorization: Bearer` or of the cookie; None is the public.

        Raise `TooManyFailures` for a wrong credential, if the client has sent too many.
        """
        if not has_bearer(request):
            return await self._session_of(request.cookies.get(COOKIE, ""))
        bearer = request.headers["authorization"].partition(" ")[2]
        principal = await self.principal_of(bearer.strip())
        if principal is None and bearer.strip():
            await self._failures.count(request.scope)
        return principal

    async def principal_of(self, secret: str) -> Principal | None:
        """Return the principal of a credential; None if it is not valid."""
        credentials = self._runtime.credentials
        try:
            known = credentials.cached(secret)
            return known or await self._runtime.read_for_page(credentials.resolve, secret)
        except Unauthenticated:
            return None

    async def _session_of(self, cookie: str) -> Principal | None:
        credentials = self._runtime.credentials
        try:
            known = credentials.cached_session(cookie)
            return known or await self._runtime.read_for_page(credentials.resolve_session, cookie)
        except Unauthenticated:
            return None


def has_bearer(request: Request) -> bool:
    """Return whether a request has a credential of its own, which counts instead of the cookie."""
    scheme = request.headers.get("authorization", "").partition(" ")[0]
    return scheme.lower() == "bearer"


def is_user_token(secret: str) -> bool:
    """Return True for the form of a user token: no other credential can sign in."""
    return secret.startswith(f"{KeyKind.USER}.")
