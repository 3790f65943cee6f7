"""The id of each request, and its line in the log."""

import random
import re
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playout.kit.http.client_address import client_address, masked_address
from playout.kit.log import REQUESTS

log = structlog.get_logger(REQUESTS)
REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")


class RequestLog:
    """A middleware that takes `X-Request-Id` from a request, or makes one, and logs the request.

    Of the visitors of an app whose `state.masks_clients` is true, it logs the network alone.
    The id is in `request.state.request_id`, in the answer, and in all lines logged meanwhile.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, path = _request_id(scope), scope["path"]
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                name = (b"x-request-id", request_id.encode())
                message["headers"] = [*message.get("headers", ()), name]
            await send(message)

        bound = structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            log.info(
                "request",
                method=scope["method"],
                path=path,
                status=status,
                client=_client(scope),
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
            structlog.contextvars.reset_contextvars(**bound)


def _client(scope: Scope) -> str:
    """Return the address to log. It is asked after the request, which has reached its app then."""
    state = getattr(scope.get("app"), "state", None)
    masks = getattr(state, "masks_clients", False)
    return masked_address(scope) if masks else client_address(scope)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
    # It is no secret, and a secret would cost a system call.
    return f"{random.getrandbits(64):016x}"
