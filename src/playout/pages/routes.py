"""What the public asks for: the gallery, watch pages, the files of videos, static files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.principal import Principal
from playout.core.shares.serving import NotServing
from playout.core.videos.model import FEED
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound
from playout.kit.http.ranges import matches
from playout.kit.invalidation import Cache
from playout.pages import feed, shares
from playout.pages.answers import FOR_ONE, Answers
from playout.pages.media import Media
from playout.pages.reference import Reference
from playout.pages.sign_in import SignIn
from playout.pages.static_files import built, favicon, static
from playout.pages.viewers import viewer_of
from playout.pages.views import Rendered
from playout.runtime import Runtime

REMEMBERED = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page, as it is answered to everybody, and its ETag."""

    answer: Response
    etag: str


class Pages:
    """The public's routes. A page is rendered once and kept until what it shows changes."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._kept: Cache[Page] = Cache(runtime.changes, REMEMBERED)
        self._answers = Answers(runtime.settings)
        self.notice = self._answers.failure

    def routes(self) -> Sequence[BaseRoute]:
        settings = self.runtime.settings
        return [
            Route("/", self.gallery),
            Route("/v/{slug}", self.watch),
            Route("/s/{slug}", self.share),
            Route(
                "/media/{uid}/{version}/{name}",
                Media(self.runtime).answer,
                methods=["GET", "HEAD", "OPTIONS"],
            ),
            *SignIn(self.runtime, self._answers).routes(),
            *Reference(self._answers, settings.site_name, settings.base_url).routes(),
            Route("/static/build/{name}", built),
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
                request,
                f"watch:{slug}",
                lambda: feed.watch(self.runtime, slug),
                self._answers.with_player,
            )
        except feed.Moved as moved:
            return RedirectResponse(f"/v/{moved.slug}", 302, {"Cache-Control": "no-cache"})
        except NotFound:
            viewer = await viewer_of(request, self.runtime.credentials)
            if viewer is None:
                raise
        return await self._watch_as(viewer, slug)

    async def _watch_as(self, viewer: Principal, slug: str) -> Response:
        """What is not for everybody: asked for anew each time, and kept by nobody."""
        try:
            rendered = await run_in_threadpool(feed.watch, self.runtime, slug, viewer)
        except feed.Moved as moved:
            return RedirectResponse(f"/v/{moved.slug}", 302, FOR_ONE)
        headers = {**FOR_ONE, **self._answers.with_player_and_forms}
        return self._answers.html(rendered.html, headers=headers)

    async def share(self, request: Request) -> Response:
        slug, now = request.path_params["slug"], utcnow()
        try:
            # The day is in the key, since what the page plays from ends a day or two later.
            return await self._page(
                request,
                f"share:{now.toordinal()}:{slug}",
                lambda: shares.share(self.runtime, slug, now),
                self._answers.with_player,
            )
        except NotServing as error:
            return self._answers.notice("This page isn’t showing anything now", error.message, 404)

    async def _page(
        self,
        request: Request,
        key: str | None,
        render: Callable[[], Rendered],
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        page = self._kept.get(key) if key else None
        if page is None:
            page = await run_in_threadpool(self._render, key, render, headers or {})
        if matches(request.headers.get("if-none-match", ""), page.etag):
            unchanged = {**self._answers.headers, **(headers or {}), "ETag": page.etag}
            return Response(status_code=304, headers=unchanged)
        return page.answer

    def _render(
        self, key: str | None, render: Callable[[], Rendered], headers: Mapping[str, str]
    ) -> Page:
        generation = self._kept.generation
        rendered = render()
        body = rendered.html.encode()
        etag = f'"{sha256(body).hexdigest()[:24]}"'
        page = Page(self._answers.html(body, headers={**headers, "ETag": etag}), etag)
        if key:
            self._kept.put(key, page, generation, rendered.tag)
        return page
