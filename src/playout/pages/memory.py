"""Public pages in memory, which are answered before anything else is asked about a request."""

from collections.abc import Mapping
from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from playout.core.videos.model import FEED
from playout.kit.cache import Cache
from playout.kit.clock import utcnow
from playout.kit.http.compression import RawHeaders
from playout.kit.http.kept_answer import KeptAnswer
from playout.pages.viewers import COOKIE

SESSION = f"{COOKIE}=".encode()
METHODS = frozenset({"GET", "HEAD"})
WATCH, SHARE = "/v/", "/s/"
EMBED = "/embed"
EMBED_WATCH, EMBED_SHARE = f"{EMBED}{WATCH}", f"{EMBED}{SHARE}"

FOR_MEMBERS = frozenset({"/", WATCH})
"""Pages that members who are signed in get for themselves."""

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
    """Answers with the pages that are in memory.

    Nearly all views are of a few pages: what the router and the endpoints would do for each costs
    more than to send the page. `routes` are those of the pages, by the beginning of their paths.
    """

    def __init__(self, cache: PageCache, routes: Mapping[str, Route]) -> None:
        self._cache = cache
        self._routes = routes

    def __call__(self, scope: Scope) -> Response | None:
        """Return the answer to a request, and note its route; None if it is not in memory."""
        if scope["method"] not in METHODS:
            return None
        prefix, key = _key(scope["path"], scope["query_string"])
        if key is None or (prefix in FOR_MEMBERS and _is_signed_in(scope["headers"])):
            return None  # a member's page shows who is signed in, and what that member may watch
        page = self._cache.get(key)
        if page is None:
            return None
        scope["route"] = self._routes[prefix]
        return page.response(scope["headers"])


def _is_signed_in(headers: RawHeaders) -> bool:
    """Return whether a browser sends a session. The page itself asks whether it has ended."""
    return any(name == b"cookie" and SESSION in value for name, value in headers)


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
