"""Paths as ASP.NET accepts them: in upper or lower case, with or without a slash at the end."""

from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send


class CaseInsensitivePaths:
    """Middleware that rewrites the fixed parts of a path in the case that the routes have."""

    def __init__(self, app: ASGIApp, routers: Iterable[APIRouter]) -> None:
        self.app = app
        self._canonical = {
            part.lower(): part
            for router in routers
            for route in router.routes
            if isinstance(route, APIRoute)
            for part in route.path.split("/")
            if not part.startswith("{")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            parts = scope["path"].rstrip("/").split("/")
            path = "/".join(self._canonical.get(part.lower(), part) for part in parts)
            # In place, because outer middleware reads from this scope which route was taken.
            scope["path"] = path
        await self.app(scope, receive, send)
