"""Rate limits: each key has one count for all four APIs."""

from fastapi import Request
from prometheus_client import Counter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playout.api.errors import RenderError
from playout.core.principal import Principal
from playout.kit.errors import RateLimited
from playout.kit.rate_limit import RateLimit


class RateLimitMiddleware:
    """Middleware that counts each request and reports the limit in every answer."""

    def __init__(
        self, app: ASGIApp, limit: RateLimit, refused: Counter, render_error: RenderError
    ) -> None:
        self.app = app
        self.limit = limit
        self.refused = refused
        self.render_error = render_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        principal: Principal | None = scope.get("state", {}).get("principal")
        if principal is None:
            await self.app(scope, receive, send)
            return
        status = await self.limit.hit(f"{principal.kind}:{principal.id}")

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(status.headers)
            await send(message)

        if status.allowed:
            await self.app(scope, receive, answer)
            return
        self.refused.inc()
        error = RateLimited(
            f"More than {status.limit} requests in a minute. Retry-After says how long to wait."
        )
        await self.render_error(Request(scope, receive), error)(scope, receive, answer)
