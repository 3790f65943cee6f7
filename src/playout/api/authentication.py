"""The door of an API: nobody comes in without a credential that is good."""

import base64

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from playout.api.errors import Spell
from playout.core.accounts.credentials import Credentials, is_render
from playout.core.principal import Principal
from playout.kit.errors import PlayoutError, Unauthenticated

OPEN = frozenset({"/openapi.json"})
"""What can be read without a credential."""
CHALLENGE = 'Bearer realm="Playout"'
"""What opens every door; each 401 has to name one (RFC 9110)."""


class Door:
    """Finds out who is asking, before anything else of the request is looked at."""

    def __init__(self, app: ASGIApp, credentials: Credentials, spell: Spell) -> None:
        self.app = app
        self.credentials = credentials
        self.spell = spell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if scope["type"] == "http" and path not in OPEN:
            try:
                scope["state"]["principal"] = await self._principal(Headers(scope=scope))
            except PlayoutError as error:
                answer = self.spell(Request(scope, receive), error)
                if isinstance(error, Unauthenticated):
                    answer.headers["WWW-Authenticate"] = CHALLENGE
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _principal(self, headers: Headers) -> Principal:
        secret = credential_in(headers)
        known = self.credentials.cached(secret)
        if known is not None:
            return known
        return await run_in_threadpool(self.credentials.resolve, secret)


def credential_in(headers: Headers) -> str:
    """The credential of a request; the one that allows least, where there are several.

    Raises `Unauthenticated` when there is none.
    """
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    secret = (
        _render_credential(headers)
        or headers.get("x-customer-sub-account-api-key")
        or headers.get("x-api-key")
        or (bearer if scheme.lower() == "bearer" else "")
    )
    if not secret.strip():
        raise Unauthenticated("An API key is needed: Authorization: Bearer <key>.")
    return secret.strip()


def _render_credential(headers: Headers) -> str:
    """`pk_…:sk_…`, from HTTP Basic or from two headers; "" where there is none."""
    scheme, _, basic = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return str(base64.b64decode(basic, validate=True), "latin-1")
        except ValueError as error:
            raise Unauthenticated("The Authorization header is not HTTP Basic.") from error
    key = headers.get("x-api-key", "").strip()
    return f"{key}:{headers.get('x-api-secret', '').strip()}" if is_render(key) else ""
