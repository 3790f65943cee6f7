"""What the public asks for: the gallery, watch pages, the files of videos, static files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.runtime import Runtime
from playout.core.shares.serving import NotServing
from playout.core.videos.model import FEED
from playout.kit.changes import Cache
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound, PlayoutError
from playout.kit.ranges import matches
from playout.pages import feed, shares
from playout.pages.media import Media
from playout.pages.render import STATIC_DIR, find_static, render_notice
from playout.pages.views import NoticeView, Rendered

REMEMBERED = 2_000
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page and its ETag."""

    body: bytes
    etag: str


class Pages:
    """The public's routes. A page is rendered once and kept until what it shows changes."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._kept: Cache[Page] = Cache(runtime.changes, REMEMBERED)
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
            Route("/s/{slug}", self.share),
            Route(
                "/media/{uid}/{version}/{name}",
                Media(self.runtime).answer,
                methods=["GET", "HEAD", "OPTIONS"],
            ),
            Route("/static/{fingerprint}/{name}", static),
            Route("/favicon.svg", favicon),
            Route("/favicon.ico", favicon),
        ]

    async def gallery(self, request: Request) -> Response:
        cursor = request.query_params.get("before", "")
        # Only the first page is worth keeping: it is what nearly everybody asks for.
        key = None if cursor else FEED
        return await self._page(request, key, lambda: feed.gallery(self.runtime, cursor))

    async def watch(self, request: Request) -> Response:
        slug = request.path_params["slug"]
        try:
            return await self._page(
                request, f"watch:{slug}", lambda: feed.watch(self.runtime, slug)
            )
        except feed.Moved as moved:
            return RedirectResponse(f"/v/{moved.slug}", 302, {"Cache-Control": "no-cache"})

    async def share(self, request: Request) -> Response:
        slug, now = request.path_params["slug"], utcnow()
        try:
            # The day is in the key, since what the page plays from ends a day or two later.
            return await self._page(
                request,
                f"share:{now.toordinal()}:{slug}",
                lambda: shares.share(self.runtime, slug, now),
            )
        except NotServing as error:
            return self._notice("This page isn’t showing anything now", error.message, 404)

    def notice(self, error: PlayoutError, status: int) -> Response:
        """A page that says why there is nothing to see."""
        title = "This video isn’t here" if status == 404 else "Not available right now"
        if status == 404:
            message = "It may have been taken down, or the address may have a slip in it."
        else:
            message = error.message
        return self._notice(title, message, status)

    def _notice(self, title: str, message: str, status: int) -> Response:
        site_name = self.runtime.settings.site_name
        view = NoticeView(status=status, title=title, message=message, site_name=site_name)
        return self._html(render_notice(view).encode(), status, {})

    async def _page(
        self, request: Request, key: str | None, render: Callable[[], Rendered]
    ) -> Response:
        page = self._kept.get(key) if key else None
        if page is None:
            page = await run_in_threadpool(self._render, key, render)
        if matches(request.headers.get("if-none-match", ""), page.etag):
            return Response(status_code=304, headers={"ETag": page.etag, **self._headers})
        return self._html(page.body, 200, {"ETag": page.etag})

    def _render(self, key: str | None, render: Callable[[], Rendered]) -> Page:
        generation = self._kept.generation
        rendered = render()
        body = rendered.html.encode()
        page = Page(body, f'"{sha256(body).hexdigest()[:24]}"')
        if key:
            self._kept.put(key, page, generation, rendered.tag)
        return page

    def _html(self, body: bytes, status: int, headers: dict[str, str]) -> Response:
        return Response(body, status, {**self._headers, **headers}, "text/html")


async def favicon(request: Request) -> Response:  # noqa: ARG001
    """The mark, for whoever asks for it by its usual names."""
    headers = {"Cache-Control": "public, max-age=86400"}
    return FileResponse(STATIC_DIR / "favicon.svg", headers=headers, media_type="image/svg+xml")


async def static(request: Request) -> Response:
    """A static file, under an address that changes with it."""
    path = find_static(request.path_params["fingerprint"], request.path_params["name"])
    if path is None:
        raise NotFound("There is no such file.")
    return FileResponse(path, headers={"Cache-Control": FOR_EVER})
