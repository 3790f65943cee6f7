"""Paths as ASP.NET takes them: in any case, with or without a slash at the end."""

from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send


class CaseInsensitivePaths:
    """Middleware that gives the fixed parts of a path the case of the routes."""

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
            # In place: the middleware around this one reads which route was taken.
            scope["path"] = path
        await self.app(scope, receive, send)
