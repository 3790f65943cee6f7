"""The addresses of feeds and sitemaps: of the gallery, of a creator and of a tag."""

from collections.abc import Callable, Sequence
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from playout.core.publications.selections import EVERYTHING, Group, Selection
from playout.core.videos.model import FEED
from playout.kit.cache import Cache
from playout.kit.errors import NotFound
from playout.kit.http.kept_answer import KeptAnswer
from playout.pages.feeds import atom, json_feed, rss, sitemap
from playout.pages.feeds.model import Feed
from playout.pages.feeds.reading import read_feed, read_sitemap, read_sitemap_urls
from playout.pages.responses import Responses
from playout.runtime import Runtime

FORMATS: dict[str, tuple[str, Callable[[Feed], bytes]]] = {
    "feed.rss": (rss.MEDIA_TYPE, rss.rss),
    "feed.atom": (atom.MEDIA_TYPE, atom.atom),
    "feed.json": (json_feed.MEDIA_TYPE, json_feed.json_feed),
}
"""The media type and the writer of each format, by the last part of its address."""
INDEX, VIDEOS = "sitemap.xml", "sitemap/videos.xml"
CACHED_BYTES = 32_000_000
SLUG_LENGTH = 200


class Feeds:
    """The feeds and sitemaps of a site.

    First pages are kept in memory until anything changes that the gallery shows.
    """

    def __init__(self, runtime: Runtime, responses: Responses) -> None:
        self._runtime = runtime
        self._responses = responses
        self._kept: Cache[KeptAnswer] = Cache(
            runtime.invalidations, CACHED_BYTES, lambda answer: answer.size
        )

    def routes(self) -> Sequence[BaseRoute]:
        names = {**dict.fromkeys(FORMATS, self.feed), INDEX: self.index, VIDEOS: self.sitemap}
        places = ("", *(f"/{group}/{{slug}}" for group in Group))
        return [
            Route(f"{place}/{name}", endpoint)
            for place in places
            for name, endpoint in names.items()
        ]

    async def feed(self, request: Request) -> Response:
        """Answer `…/feed.rss`, `…/feed.atom` and `…/feed.json`."""
        selection, cursor = _selection(request), request.query_params.get("before", "")
        name = request.url.path.rstrip("/").rpartition("/")[2]
        media_type, write = FORMATS[name]
        return await self._answer(
            request,
            None if cursor else (name, selection),
            media_type,
            lambda: write(read_feed(self._runtime, selection, name, cursor)),
        )

    async def index(self, request: Request) -> Response:
        """Answer `…/sitemap.xml`, the list of sitemaps."""
        selection = _selection(request)
        return await self._answer(
            request,
            (INDEX, selection),
            sitemap.MEDIA_TYPE,
            lambda: sitemap.sitemap_index(read_sitemap_urls(self._runtime, selection)),
        )

    async def sitemap(self, request: Request) -> Response:
        """Answer `…/sitemap/videos.xml`, one sitemap."""
        selection, cursor = _selection(request), request.query_params.get("after", "")
        return await self._answer(
            request,
            None,
            sitemap.MEDIA_TYPE,
            lambda: sitemap.sitemap(*read_sitemap(self._runtime, selection, cursor)),
        )

    async def _answer(
        self,
        request: Request,
        key: tuple[str, Selection] | None,
        media_type: str,
        write: Callable[[], bytes],
    ) -> Response:
        kept = self._kept.get(key) if key else None
        if kept is None:
            kept = await self._runtime.read_for_page(self._write, key, media_type, write)
        return kept.response(request.scope["headers"])

    def _write(
        self, key: tuple[str, Selection] | None, media_type: str, write: Callable[[], bytes]
    ) -> KeptAnswer:
        generation = self._kept.generation
        body = write()
        headers = self._responses.document_headers(media_type)
        kept = KeptAnswer(body, headers, f'"{sha256(body).hexdigest()[:24]}"')
        if key:
            self._kept.put(key, kept, generation, FEED)
        return kept


def _selection(request: Request) -> Selection:
    """Return the selection that a path names; raise `NotFound` if no slug is so long."""
    slug = request.path_params.get("slug")
    if slug is None:
        return EVERYTHING
    if len(slug) > SLUG_LENGTH:
        raise NotFound("There is no such page.")
    return Selection(Group(request.url.path.lstrip("/").partition("/")[0]), slug)
