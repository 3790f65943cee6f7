"""The viewer of a page: a member who is signed in, or the principal of a credential."""

from starlette.requests import Request

from playout.core.accounts.model import KeyKind
from playout.core.principal import Principal
from playout.kit.errors import Unauthenticated
from playout.runtime import Runtime

COOKIE = "playout_session"
"""The name of the cookie that contains the session of a member who is signed in."""


async def viewer_of(request: Request, runtime: Runtime) -> Principal | None:
    """Return the principal of `Authorization: Bearer` or of the cookie; None is the public."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await principal_of(bearer.strip(), runtime)
    cookie = request.cookies.get(COOKIE, "")
    try:
        known = runtime.credentials.cached_session(cookie)
        return known or await runtime.read_for_page(runtime.credentials.resolve_session, cookie)
    except Unauthenticated:
        return None


async def principal_of(secret: str, runtime: Runtime) -> Principal | None:
    """Return the principal of a credential; None if it is not valid."""
    try:
        known = runtime.credentials.cached(secret)
        return known or await runtime.read_for_page(runtime.credentials.resolve, secret)
    except Unauthenticated:
        return None


def is_user_token(secret: str) -> bool:
    """Return True for the form of a user token: no other credential can sign in."""
    return secret.startswith(f"{KeyKind.USER}.")
