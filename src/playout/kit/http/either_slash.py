"""Paths with a slash at the end and without one: every route answers both."""

from starlette.routing import Match, Router
from starlette.types import Receive, Scope, Send


def answer_either_slash(router: Router) -> None:
    """Let a router answer a path that lacks a slash at its end, or has one too many.

    It answers as at the path of the route: same method, same body. A redirect would name the host
    and the scheme that the request claims, and clients would drop the body of a POST.
    """
    router.redirect_slashes = False
    not_found = router.default

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        path = _toggled(scope["path"])
        if scope["type"] == "http" and path and _has_route(router, {**scope, "path": path}):
            # In place, because outer middleware reads from this scope which route was taken.
            scope["path"] = path
            await router.app(scope, receive, send)
        else:
            await not_found(scope, receive, send)

    router.default = answer


def _toggled(path: str) -> str:
    return path.rstrip("/") if path.endswith("/") else f"{path}/"


def _has_route(router: Router, scope: Scope) -> bool:
    return any(route.matches(scope)[0] is not Match.NONE for route in router.routes)
