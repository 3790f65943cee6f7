"""Public pages in memory, which are answered before anything else is asked about a request."""

from collections.abc import Mapping
from datetime import datetime

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from playout.core.videos.model import FEED
from playout.kit.cache import Cache
from playout.kit.clock import utcnow
from playout.kit.http.kept_answer import KeptAnswer

METHODS = frozenset({"GET", "HEAD"})
WATCH, SHARE = "/v/", "/s/"
EMBED = "/embed"
EMBED_WATCH, EMBED_SHARE = f"{EMBED}{WATCH}", f"{EMBED}{SHARE}"

PageCache = Cache[KeptAnswer]


def watch_key(slug: str) -> str:
    """Return the key of the page of a video."""
    return f"watch:{slug}"


def share_key(slug: str, now: datetime) -> str:
    """Return the key of a landing page, which contains the day.

    The grants in the page expire after one or two days.
    """
    return f"share:{now.toordinal()}:{slug}"


def embed_key(key: str) -> str:
    """Return the key of the player of a page, which other sites show in a frame."""
    return f"embed:{key}"


class PagesFromMemory:
    """A middleware that answers with the pages that are in memory.

    Nearly all views are of a few pages: what the router and the endpoints would do for each costs
    more than to send the page. `routes` are those of the pages, by the beginning of their paths.
    """

    def __init__(self, app: ASGIApp, cache: PageCache, routes: Mapping[str, Route]) -> None:
        self.app = app
        self._cache = cache
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in METHODS:
            prefix, key = _key(scope["path"], scope["query_string"])
            page = self._cache.get(key) if key else None
            if page is not None:
                scope["route"] = self._routes[prefix]
                await page.response(scope["headers"])(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _key(path: str, query: bytes) -> tuple[str, str | None]:
    """Return the beginning of a path, and the key of its page; None if none there is ever kept."""
    if path == "/":
        return path, None if query else FEED  # a query may name an older page
    if path.startswith(WATCH):
        return WATCH, watch_key(path[len(WATCH) :])
    if path.startswith(SHARE):
        return SHARE, share_key(path[len(SHARE) :], utcnow())
    if path.startswith(EMBED_WATCH):
        return EMBED_WATCH, embed_key(watch_key(path[len(EMBED_WATCH) :]))
    if path.startswith(EMBED_SHARE):
        return EMBED_SHARE, embed_key(share_key(path[len(EMBED_SHARE) :], utcnow()))
    return path, None
