"""The addresses of the feeds and sitemaps of the gallery."""

from collections.abc import Callable, Sequence
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from playout.core.projects.embedding import EMBEDDING
from playout.core.videos.model import FEED
from playout.kit.cache import Cache
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
        return [Route(f"/{name}", endpoint) for name, endpoint in names.items()]

    async def feed(self, request: Request) -> Response:
        """Answer `/feed.rss`, `/feed.atom` and `/feed.json`."""
        cursor = request.query_params.get("before", "")
        name = request.url.path.rstrip("/").rpartition("/")[2]
        media_type, write = FORMATS[name]
        return await self._answer(
            request,
            None if cursor else name,
            media_type,
            lambda: write(read_feed(self._runtime, name, cursor)),
        )

    async def index(self, request: Request) -> Response:
        """Answer `/sitemap.xml`, the list of sitemaps."""
        return await self._answer(
            request,
            INDEX,
            sitemap.MEDIA_TYPE,
            lambda: sitemap.sitemap_index(read_sitemap_urls(self._runtime)),
        )

    async def sitemap(self, request: Request) -> Response:
        """Answer `/sitemap/videos.xml`, one sitemap."""
        cursor = request.query_params.get("after", "")
        return await self._answer(
            request,
            None,
            sitemap.MEDIA_TYPE,
            lambda: sitemap.sitemap(*read_sitemap(self._runtime, cursor)),
        )

    async def _answer(
        self,
        request: Request,
        key: str | None,
        media_type: str,
        write: Callable[[], bytes],
    ) -> Response:
        kept = self._kept.get(key) if key else None
        if kept is None:
            kept = await self._runtime.read_for_page(self._write, key, media_type, write)
        return kept.response(request.scope["headers"])

    def _write(self, key: str | None, media_type: str, write: Callable[[], bytes]) -> KeptAnswer:
        generation = self._kept.generation
        body = write()
        headers = self._responses.document_headers(media_type)
        kept = KeptAnswer(body, headers, f'"{sha256(body).hexdigest()[:24]}"')
        if key:
            self._kept.put(key, kept, generation, FEED, EMBEDDING)
        return kept
