"""What the public asks for: the gallery, watch pages, the files of videos, static files."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.runtime import Runtime
from playout.core.videos.model import FEED
from playout.kit.changes import Cache
from playout.kit.errors import NotFound, PlayoutError
from playout.kit.ranges import matches
from playout.pages import feed
from playout.pages.media import Media
from playout.pages.render import find_static, render_notice
from playout.pages.views import NoticeView

REMEMBERED = 2_000
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page and its ETag; a watch page knows its slug."""

    body: bytes
    etag: str
    slug: str

    @classmethod
    def of(cls, html: str, slug: str = "") -> "Page":
        body = html.encode()
        return cls(body, f'"{sha256(body).hexdigest()[:24]}"', slug)


class Pages:
    """The public's routes. A page is rendered once and kept until what it shows changes."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._kept: Cache[Page] = Cache(runtime.changes, REMEMBERED)
        # What the page of a slug is kept under; whose a slug is never changes.
        self._videos: dict[str, str] = {}
        origin = runtime.settings.base_url
        self._headers = {
            "Cache-Control": "no-cache",
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'self'; img-src 'self' {origin} https: data:;"
                f" media-src 'self' {origin} https: http:; form-action 'none';"
                " base-uri 'none'; frame-ancestors 'self'"
            ),
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "X-Content-Type-Options": "nosniff",
        }

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/", self.gallery),
            Route("/v/{slug}", self.watch),
            Route("/media/{uid}/{version}/{name}", Media(self.runtime).answer),
            Route("/static/{fingerprint}/{name}", static),
        ]

    async def gallery(self, request: Request) -> Response:
        cursor = request.query_params.get("before", "")
        # Only the first page is worth keeping: it is what nearly everybody asks for.
        page = None if cursor else self._kept.get(FEED)
        if page is None:
            page = await run_in_threadpool(self._gallery, cursor)
        return self._answer(request, page)

    async def watch(self, request: Request) -> Response:
        slug = request.path_params["slug"]
        page = self._kept.get(self._videos.get(slug, ""))
        if page is None or page.slug != slug:
            try:
                page = await run_in_threadpool(self._watch, slug)
            except feed.Moved as moved:
                return RedirectResponse(f"/v/{moved.slug}", 302, {"Cache-Control": "no-cache"})
        return self._answer(request, page)

    def notice(self, error: PlayoutError, status: int) -> Response:
        """A page that says why there is nothing to see."""
        title = "This video isn’t here" if status == 404 else "Not available right now"
        if status == 404:
            message = "It may have been taken down, or the address may have a slip in it."
        else:
            message = error.message
        view = NoticeView(
            status=status,
            title=title,
            message=message,
            site_name=self.runtime.settings.site_name,
        )
        return self._html(render_notice(view).encode(), status, {})

    def _gallery(self, cursor: str) -> Page:
        generation = self._kept.generation
        page = Page.of(feed.gallery(self.runtime, cursor))
        if not cursor:
            self._kept.put(FEED, page, generation)
        return page

    def _watch(self, slug: str) -> Page:
        generation = self._kept.generation
        key, html = feed.watch(self.runtime, slug)
        page = Page.of(html, slug)
        # Kept with its video: whatever changes that, a new source too, drops the page.
        self._kept.put(key, page, generation)
        if len(self._videos) >= REMEMBERED:
            self._videos.clear()
        self._videos[slug] = key
        return page

    def _answer(self, request: Request, page: Page) -> Response:
        if matches(request.headers.get("if-none-match", ""), page.etag):
            return Response(status_code=304, headers={"ETag": page.etag, **self._headers})
        return self._html(page.body, 200, {"ETag": page.etag})

    def _html(self, body: bytes, status: int, headers: dict[str, str]) -> Response:
        return Response(body, status, {**self._headers, **headers}, "text/html")


async def static(request: Request) -> Response:
    """A static file, under an address that changes with it."""
    path = find_static(request.path_params["fingerprint"], request.path_params["name"])
    if path is None:
        raise NotFound("There is no such file.")
    return FileResponse(path, headers={"Cache-Control": FOR_EVER})
