"""Authentication of an API: every request needs a valid credential."""

import base64

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp, Receive, Scope, Send

from playout.api.errors import RenderError
from playout.core.accounts.credentials import Credentials, is_render
from playout.core.principal import Principal
from playout.kit.errors import PlayoutError, Unauthenticated
from playout.kit.http.failed_credentials import FailedCredentials, TooManyFailures

PUBLIC_PATHS = frozenset({"/openapi.json"})
"""Paths that need no credential."""
VERIFICATION_PATH = "/users/verify_token"
"""The path of the Publications API that is asked about a credential."""
VERIFICATION_ADDRESSES = frozenset(f"{base}{VERIFICATION_PATH}" for base in ("", "/v1", "/v2"))
"""The addresses of that path. The credential may be in their query, and in no other."""
VERIFIED_PARAMETERS = ("authToken", "loginToken")
WWW_AUTHENTICATE = 'Bearer realm="Playout"'
"""Header of every 401. RFC 9110 requires it to name a scheme; all four APIs accept this one."""


class MissingCredential(Unauthenticated):
    """A request without a credential. It is no guess, so no limit counts it."""


class AuthenticationMiddleware:
    """Middleware that finds the principal before anything else of the request is read.

    `failures` limits the wrong credentials of each client. A principal that is known already, from
    the session of a member, is left as it is.
    """

    def __init__(
        self,
        app: ASGIApp,
        credentials: Credentials,
        failures: FailedCredentials,
        render_error: RenderError,
    ) -> None:
        self.app = app
        self.credentials = credentials
        self.failures = failures
        self.render_error = render_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        is_known = "principal" in scope.get("state", {})
        if scope["type"] == "http" and not is_known and path.removesuffix("/") not in PUBLIC_PATHS:
            try:
                scope["state"]["principal"] = await self._principal(scope)
            except PlayoutError as error:
                await self._refuse(error, Request(scope, receive), send)
                return
        await self.app(scope, receive, send)

    async def _refuse(self, error: PlayoutError, request: Request, send: Send) -> None:
        headers = {}
        if isinstance(error, Unauthenticated):
            headers["WWW-Authenticate"] = WWW_AUTHENTICATE
            if not isinstance(error, MissingCredential):
                try:
                    await self.failures.count(request.scope)
                except TooManyFailures as too_many:
                    error, headers = too_many, {"Retry-After": str(too_many.retry_after)}
        answer = self.render_error(request, error)
        answer.headers.update(headers)
        await answer(request.scope, request.receive, send)

    async def _principal(self, scope: Scope) -> Principal:
        secret = credential_of(scope)
        cached = self.credentials.cached(secret)
        if cached is not None:
            return cached
        return await run_in_threadpool(self.credentials.resolve, secret)


def credential_of(scope: Scope) -> str:
    """Return the credential of a request. Raise `MissingCredential` when there is none."""
    if scope["path"].removesuffix("/") in VERIFICATION_ADDRESSES:
        query = QueryParams(scope["query_string"])
        for name in VERIFIED_PARAMETERS:
            if query.get(name, "").strip():
                return query[name].strip()
    return credential_in(Headers(scope=scope))


def credential_in(headers: Headers) -> str:
    """Return the credential of a request. Of several, return the one with the least permissions.

    Raise `MissingCredential` when there is none.
    """
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    secret = (
        _render_credential(headers)
        or headers.get("x-customer-sub-account-api-key")
        or headers.get("x-api-key")
        or (bearer if scheme.lower() == "bearer" else "")
    )
    if not secret.strip():
        raise MissingCredential("An API key is needed: Authorization: Bearer <key>.")
    return secret.strip()


def _render_credential(headers: Headers) -> str:
    """Return `pk_…:sk_…` from HTTP Basic or from two headers, or "" when neither is there."""
    scheme, _, basic = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return str(base64.b64decode(basic, validate=True), "latin-1")
        except ValueError as error:
            raise Unauthenticated("The Authorization header is not HTTP Basic.") from error
    key = headers.get("x-api-key", "").strip()
    return f"{key}:{headers.get('x-api-secret', '').strip()}" if is_render(key) else ""
