"""The routes of the pages: gallery, watch and landing pages, files of videos, static files."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.principal import Principal
from playout.core.renders.films import Films
from playout.core.videos.model import FEED
from playout.kit.cache import Cache
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound
from playout.kit.http.failed_credentials import FailedCredentials
from playout.kit.http.kept_answer import KeptAnswer
from playout.pages import embeds, feed, films, shares
from playout.pages.beacons import PATH as BEACONS
from playout.pages.beacons import Beacons
from playout.pages.brands import Resting, brand_picture
from playout.pages.crawlers import llms_txt, robots_txt
from playout.pages.entrance import Door, Entrance, Locked
from playout.pages.feeds.routes import Feeds
from playout.pages.first_start import FirstStart
from playout.pages.gallery import gallery_page, has_page, path_of, selected
from playout.pages.links import Links
from playout.pages.media import Media
from playout.pages.memory import (
    EMBED,
    EMBED_SHARE,
    EMBED_WATCH,
    SHARE,
    WATCH,
    PageCache,
    embed_key,
    share_key,
    watch_key,
)
from playout.pages.messages import preferred_language
from playout.pages.oembed import Oembed
from playout.pages.reference import Reference
from playout.pages.responses import PRIVATE, Responses
from playout.pages.sign_in import SignIn
from playout.pages.static_files import built, element, favicon, static
from playout.pages.viewers import COOKIE, Viewers
from playout.pages.views import Rendered
from playout.runtime import Runtime

CACHED_PAGES = 2_000
WITH_FORM = ["GET", "HEAD", "POST"]
"""Methods of a page that may have a password: its form is sent to the page itself."""


class Pages:
    """The pages for viewers.

    A public page is rendered once, and cached until something that it shows changes.
    """

    def __init__(self, runtime: Runtime, failures: FailedCredentials) -> None:
        self._prefix = runtime.settings.address.prefix
        # Pages name files by their paths, so that they play under any host that leads here.
        self.runtime = runtime.at(self._prefix)
        self.viewers = Viewers(runtime, failures)
        self._films = Films(self.runtime)
        self.cache: PageCache = Cache(runtime.invalidations, CACHED_PAGES)
        self.cached_routes = {
            "/": Route("/", self.gallery),
            WATCH: Route("/v/{slug}", self.watch, methods=WITH_FORM),
            SHARE: Route("/s/{slug}", self.share, methods=WITH_FORM),
            EMBED_WATCH: Route("/embed/v/{slug}", self.embedded_video, methods=WITH_FORM),
            EMBED_SHARE: Route("/embed/s/{slug}", self.embedded_share, methods=WITH_FORM),
        }
        """The routes of the pages that are cached, by the beginning of their paths."""
        self._responses = Responses(runtime.settings)
        self._entrance = Entrance(self.runtime, self._responses)
        self.error_page = self._responses.error_page

    def routes(self) -> Sequence[BaseRoute]:
        settings = self.runtime.settings
        sign_in = SignIn(self.runtime, self.viewers, self._responses)
        return [
            *self.cached_routes.values(),
            Route(
                "/media/{uid}/{version}/{name}",
                Media(self.runtime).answer,
                methods=["GET", "HEAD", "OPTIONS"],
            ),
            Route(BEACONS, Beacons(self.runtime).receive, methods=["POST"]),
            *films.routes(self.runtime, self._films),
            *Feeds(self.runtime, self._responses).routes(),
            Route("/oembed", Oembed(self.runtime, self._responses).answer),
            Route("/robots.txt", self._text(robots_txt(settings))),
            Route("/llms.txt", self._text(llms_txt(settings))),
            *Links(self.runtime, self._responses, self._entrance).routes(),
            *sign_in.routes(),
            *FirstStart(self.runtime, sign_in, self._responses).routes(),
            *Reference(self._responses, settings).routes(),
            Route("/s/{slug}/go", self.call_to_action),
            Route("/creators/{slug}", self.gallery),
            Route("/tags/{slug}", self.gallery),
            Route("/embed.js", element),
            Route("/brand/{project}/{fingerprint}/{name}", self.brand_picture),
            Route("/static/build/{name}", built),
            Route("/static/{fingerprint}/{name}", static),
            Route("/favicon.svg", favicon),
            Route("/favicon.ico", favicon),
        ]

    def _text(self, text: str) -> Callable[[Request], Awaitable[Response]]:
        """Return an endpoint that answers with a text that never changes."""
        body = text.encode()
        headers = self._responses.document_headers("text/plain")
        kept = KeptAnswer(body, headers, f'"{sha256(body).hexdigest()[:24]}"')

        async def answer(request: Request) -> Response:
            return kept.response(request.scope["headers"])

        return answer

    async def gallery(self, request: Request) -> Response:
        """Answer `/`, `/creators/{slug}` and `/tags/{slug}`."""
        selection, cursor = selected(request), request.query_params.get("before", "")
        viewer = await self._signed_in(request)
        if viewer is not None:
            page = await self.runtime.read_for_page(
                gallery_page, self.runtime, selection, cursor, viewer
            )
            headers = {**PRIVATE, **self._responses.form_headers}
            return self._responses.page(page.html, headers=headers)
        # Only first pages are cached: nearly all requests are for them. Nobody repeats a search.
        path = path_of(selection) if has_page(selection) and not cursor else None
        return await self._page(
            request,
            FEED if path == "/" else path,
            lambda: gallery_page(self.runtime, selection, cursor),
            self._responses.form_headers,
        )

    async def _signed_in(self, request: Request) -> Principal | None:
        """Return the member whose browser sends a session."""
        return await self.viewers.viewer_of(request) if COOKIE in request.cookies else None

    async def watch(self, request: Request) -> Response:
        slug = request.path_params["slug"]
        viewer = await self._signed_in(request)
        if viewer is None:
            try:
                return await self._page(
                    request,
                    watch_key(slug),
                    lambda: feed.watch(self.runtime, slug),
                    self._responses.player_and_form_headers,
                )
            except feed.SlugChanged as changed:
                return self._to_watch(changed.slug, {"Cache-Control": "no-cache"})
            except NotFound as error:
                viewer = await self.viewers.viewer_of(request)
                if isinstance(error, Locked) and (viewer is None or request.method == "POST"):
                    return await self._behind(
                        request,
                        error.door,
                        lambda: feed.watch(self.runtime, slug, is_let_in=True),
                        self._responses.player_and_form_headers,
                    )
                if viewer is None:
                    raise
        return await self._watch_privately(viewer, slug)

    async def _watch_privately(self, viewer: Principal, slug: str) -> Response:
        """Render the page of a video that is not public. No cache may store it."""
        try:
            rendered = await self.runtime.read_for_page(feed.watch, self.runtime, slug, viewer)
        except feed.SlugChanged as changed:
            return self._to_watch(changed.slug, PRIVATE)
        headers = {**PRIVATE, **self._responses.player_and_form_headers}
        return self._responses.page(rendered.html, headers=headers)

    def _to_watch(self, slug: str, headers: Mapping[str, str]) -> Response:
        return RedirectResponse(f"{self._prefix}/v/{slug}", 302, headers)

    async def share(self, request: Request) -> Response:
        slug, now = request.path_params["slug"], utcnow()
        try:
            return await self._page(
                request,
                share_key(slug, now),
                lambda: shares.share_page(self.runtime, self._films, slug, now),
                self._responses.player_headers,
            )
        except Resting as resting:
            return self._responses.resting(resting.page)
        except Locked as locked:
            return await self._behind(
                request,
                locked.door,
                lambda: shares.share_page(self.runtime, self._films, slug, now, is_let_in=True),
                self._responses.player_headers,
            )

    async def _behind(
        self,
        request: Request,
        door: Door,
        render: Callable[[], Rendered],
        headers: Mapping[str, str],
    ) -> Response:
        """Return a page that has a password, or the form that asks for it."""
        if request.method == "POST":
            password = await self._entrance.read_password(request)
            refusal = await self._entrance.refusal(request, door, password)
            answer = RedirectResponse(door.path, 303, PRIVATE)
            return refusal or self._entrance.with_cookie(request, door, answer)
        if not self._entrance.is_let_in(request, door):
            return self._entrance.form(door)
        page = await self.runtime.read_for_page(render)
        headers = self._responses.styled(headers, page.styles)
        headers = self._responses.framed(headers, page.ancestors)
        return self._responses.page(page.html, headers={**PRIVATE, **headers})

    async def call_to_action(self, request: Request) -> Response:
        """Lead to where the button of a landing page leads. No address is read from the request."""
        slug = request.path_params["slug"]
        try:
            url = await self.runtime.read_for_page(
                shares.call_to_action, self.runtime, slug, utcnow()
            )
        except Resting as resting:
            return self._responses.resting(resting.page)
        headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        return RedirectResponse(url, 302, headers)

    async def embedded_video(self, request: Request) -> Response:
        slug = request.path_params["slug"]
        try:
            return await self._page(
                request,
                embed_key(watch_key(slug)),
                lambda: embeds.embedded_video(self.runtime, slug),
                self._responses.embed_headers,
            )
        except feed.SlugChanged as changed:
            query = f"?{request.url.query}" if request.url.query else ""
            address = f"{self._prefix}{EMBED}/v/{changed.slug}{query}"
            return RedirectResponse(address, 302, {"Cache-Control": "no-cache"})
        except NotFound as error:
            viewer = await self.viewers.viewer_of(request)
            if isinstance(error, Locked) and (viewer is None or request.method == "POST"):
                return await self._behind(
                    request,
                    error.door,
                    lambda: embeds.embedded_video(self.runtime, slug, is_let_in=True),
                    self._responses.embed_headers,
                )
        return await self._embedded_privately(request, viewer, slug)

    async def _embedded_privately(
        self, request: Request, viewer: Principal | None, slug: str
    ) -> Response:
        """Render the player of a video that is not public, or say that there is none."""
        if viewer is not None:
            try:
                page = await self.runtime.read_for_page(
                    embeds.embedded_video, self.runtime, slug, viewer
                )
            except (NotFound, feed.SlugChanged):
                pass
            else:
                headers = self._responses.framed(self._responses.embed_headers, page.ancestors)
                return self._responses.page(page.html, headers={**PRIVATE, **headers})
        return self._nothing_embedded(request)

    async def embedded_share(self, request: Request) -> Response:
        slug, now = request.path_params["slug"], utcnow()
        try:
            return await self._page(
                request,
                embed_key(share_key(slug, now)),
                lambda: embeds.embedded_share(self.runtime, self._films, slug, now),
                self._responses.embed_headers,
            )
        except Resting as resting:
            return self._responses.embed_notice(resting.page)
        except Locked as locked:
            return await self._behind(
                request,
                locked.door,
                lambda: embeds.embedded_share(self.runtime, self._films, slug, now, is_let_in=True),
                self._responses.embed_headers,
            )
        except NotFound:
            return self._nothing_embedded(request)

    def _nothing_embedded(self, request: Request) -> Response:
        """Say that there is no video, in the language that the browser asks for."""
        language = preferred_language(request.headers.get("accept-language", ""))
        notice = embeds.notice(self.runtime, language, embeds.NOT_HERE)
        answer = self._responses.embed_notice(notice)
        answer.headers["Vary"] = "Accept-Language"
        return answer

    async def brand_picture(self, request: Request) -> Response:
        return await brand_picture(request, self.runtime)

    async def _page(
        self,
        request: Request,
        key: str | None,
        render: Callable[[], Rendered],
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        page = self.cache.get(key) if key else None
        if page is None:
            page = await self.runtime.read_for_page(self._render, key, render, headers or {})
        if request.method == "POST":  # it had a password a moment ago
            return RedirectResponse(request.path_params["slug"], 303, PRIVATE)
        return page.response(request.scope["headers"])

    def _render(
        self, key: str | None, render: Callable[[], Rendered], headers: Mapping[str, str]
    ) -> KeptAnswer:
        generation = self.cache.generation
        rendered = render()
        headers = self._responses.styled(headers, rendered.styles)
        headers = self._responses.framed(headers, rendered.ancestors)
        body = rendered.html.encode()
        etag = f'"{sha256(body).hexdigest()[:24]}"'
        keys = (*((key,) if key else ()), *rendered.tags)
        tags = self._responses.cache_tags(dict.fromkeys(keys))
        page = KeptAnswer(body, {**self._responses.headers, **headers, **tags}, etag)
        if key:
            self.cache.put(key, page, generation, *rendered.tags)
        return page
