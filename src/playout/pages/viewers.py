"""Who looks at a page: a member who signed in, or whoever sends a credential along."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from playout.core.accounts.credentials import Credentials
from playout.core.accounts.model import KeyKind
from playout.core.principal import Principal
from playout.kit.errors import Unauthenticated

COOKIE = "playout_session"
"""Holds a user token."""


async def viewer_of(request: Request, credentials: Credentials) -> Principal | None:
    """The principal of `Authorization: Bearer` or of the session cookie; None is the public."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    secret = bearer.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE, "")
    if scheme.lower() != "bearer" and not is_user_token(secret):
        return None
    return await principal_of(secret, credentials)


async def principal_of(secret: str, credentials: Credentials) -> Principal | None:
    """The principal of a credential; None when it is not good."""
    try:
        known = credentials.cached(secret)
        return known or await run_in_threadpool(credentials.resolve, secret)
    except Unauthenticated:
        return None


def is_user_token(secret: str) -> bool:
    """Whether it looks like a person's token: no other credential signs anybody in."""
    return secret.startswith(f"{KeyKind.USER}.")
