"""Addresses as ASP.NET takes them: in any case, with or without a slash at the end."""

from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send


class AnyCase:
    """Spells the fixed parts of an address as the routes do, before they are looked up."""

    def __init__(self, app: ASGIApp, routers: Iterable[APIRouter]) -> None:
        self.app = app
        self._spelled = {
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
            path = "/".join(self._spelled.get(part.lower(), part) for part in parts)
            # In place, so that whoever stands around it sees which route was taken.
            scope["path"] = path
        await self.app(scope, receive, send)
