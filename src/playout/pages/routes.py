"""The routes of the pages: gallery, watch and landing pages, files of videos, static files."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.experiments.assignment import Shown
from playout.core.principal import Principal
from playout.core.renders.films import Films
from playout.core.videos.model import FEED
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound, PlayoutError
from playout.kit.http.failed_credentials import FailedCredentials
from playout.kit.http.kept_answer import KeptAnswer
from playout.pages import feed
from playout.pages.accounts.account_links import AccountLinks
from playout.pages.accounts.first_start import FirstStart
from playout.pages.accounts.openid import OpenId
from playout.pages.accounts.sign_in import SignIn
from playout.pages.crawlers import llms_txt, robots_txt
from playout.pages.embedding.frames import Frames
from playout.pages.embedding.oembed import Oembed
from playout.pages.feeds.routes import Feeds
from playout.pages.gallery import gallery_page, has_page, path_of, selected
from playout.pages.kept_pages import KeptPages
from playout.pages.landing import shares
from playout.pages.landing.brands import Resting, brand_picture
from playout.pages.landing.entrance import WITH_FORM, Entrance, Locked
from playout.pages.landing.links import Links
from playout.pages.landing.recipients import RecipientPages
from playout.pages.landing.variants import Variants, variant_key
from playout.pages.memory import (
    SHARE,
    WATCH,
    share_key,
    watch_key,
)
from playout.pages.playback import films
from playout.pages.playback.media import Media
from playout.pages.reference import Reference
from playout.pages.responses import PRIVATE, Responses
from playout.pages.static_files import built, element, favicon, static
from playout.pages.viewers import COOKIE, Viewers
from playout.runtime import Runtime

LANDING = "/s/"
"""The beginning of the paths of landing pages."""


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
        self._responses = Responses(runtime.settings)
        self._entrance = Entrance(self.runtime, self._responses)
        self._kept = KeptPages(self.runtime, self._responses, self._entrance)
        self._variants = Variants(self.runtime)
        self._frames = Frames(self.runtime, self._films, self.viewers, self._kept, self._responses)
        self.cache = self._kept.cache
        self.cached_routes = {
            "/": Route("/", self.gallery),
            WATCH: Route("/v/{slug}", self.watch, methods=WITH_FORM),
            SHARE: Route("/s/{slug}", self.share, methods=WITH_FORM),
            **self._frames.cached_routes(),
        }
        """The routes of the pages that are cached, by the beginning of their paths."""

    def routes(self) -> Sequence[BaseRoute]:
        settings = self.runtime.settings
        sign_in = SignIn(self.runtime, self.viewers, self._responses)
        recipients = RecipientPages(self.runtime, self._films, self._kept, self._responses)
        return [
            *self.cached_routes.values(),
            Route(
                "/media/{uid}/{version}/{name}",
                Media(self.runtime).answer,
                methods=["GET", "HEAD", "OPTIONS"],
            ),
            *films.routes(self.runtime, self._films),
            *Feeds(self.runtime, self._responses).routes(),
            Route("/oembed", Oembed(self.runtime, self._responses).answer),
            Route("/robots.txt", self._text(robots_txt(settings))),
            Route("/llms.txt", self._text(llms_txt(settings))),
            *Links(self.runtime, self._responses, self._entrance).routes(),
            *sign_in.routes(),
            *OpenId(self.runtime, self.viewers, sign_in, self._responses).routes(),
            *FirstStart(self.runtime, sign_in, self._responses).routes(),
            *AccountLinks(self.runtime, self.viewers, sign_in, self._responses).routes(),
            *Reference(self._responses, settings).routes(),
            Route("/s/{slug}/go", self.call_to_action),
            Route("/s/{slug}/{code}", recipients.answer, methods=WITH_FORM),
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
        return await self._kept.answer(
            request,
            FEED if path == "/" else path,
            lambda: gallery_page(self.runtime, selection, cursor),
            self._responses.form_headers,
        )

    async def _signed_in(self, request: Request) -> Principal | None:
        """Return the member whose browser sends a session."""
        return await self.viewers.viewer_of(request) if COOKIE in request.cookies else None

    async def watch(self, request: Request) -> Response:
        key = watch_key(request.path_params["slug"])
        return await self._variants.answer(
            request, key, lambda shown: self._watch_variant(request, shown)
        )

    async def _watch_variant(self, request: Request, shown: Shown | None) -> Response:
        slug = request.path_params["slug"]
        try:
            return await self._watch(request, slug, shown)
        except feed.SlugChanged as changed:
            return self._to_watch(changed.slug, {"Cache-Control": "no-cache"})
        except Locked as locked:
            return await self._kept.answer_behind(
                request,
                locked.door,
                lambda: feed.watch(self.runtime, slug, is_let_in=True, shown=shown),
                self._responses.player_and_form_headers,
            )

    async def _watch(self, request: Request, slug: str, shown: Shown | None) -> Response:
        viewer = await self._signed_in(request)
        if viewer is None:
            try:
                return await self._kept.answer(
                    request,
                    variant_key(watch_key(slug), shown),
                    lambda: feed.watch(self.runtime, slug, shown=shown),
                    self._responses.player_and_form_headers,
                )
            except NotFound:
                viewer = await self.viewers.viewer_of(request)
                if viewer is None:
                    raise
        return await self._watch_privately(viewer, slug, shown)

    async def _watch_privately(self, viewer: Principal, slug: str, shown: Shown | None) -> Response:
        """Render the page of a video that is not public. No cache may store it."""
        try:
            rendered = await self.runtime.read_for_page(
                feed.watch, self.runtime, slug, viewer, shown=shown
            )
        except feed.SlugChanged as changed:
            return self._to_watch(changed.slug, PRIVATE)
        policy = self._responses.styled(self._responses.player_and_form_headers, rendered.styles)
        return self._responses.page(rendered.html, headers={**PRIVATE, **policy})

    def error_page(self, request: Request, error: PlayoutError, status: int) -> Response:
        """Return a page that says why there is nothing to see at an address."""
        if status == 404 and request.scope["path"].startswith(LANDING):
            return self._responses.no_landing_page(request.headers.get("accept-language", ""))
        return self._responses.error_page(error, status)

    def _to_watch(self, slug: str, headers: Mapping[str, str]) -> Response:
        return RedirectResponse(f"{self._prefix}/v/{slug}", 302, headers)

    async def share(self, request: Request) -> Response:
        slug, now = request.path_params["slug"], utcnow()
        key = share_key(slug, now)
        return await self._variants.answer(
            request, key, lambda shown: self._share_variant(request, slug, now, shown)
        )

    async def _share_variant(
        self, request: Request, slug: str, now: datetime, shown: Shown | None
    ) -> Response:
        try:
            return await self._kept.answer(
                request,
                variant_key(share_key(slug, now), shown),
                lambda: shares.share_page(self.runtime, self._films, slug, now, shown=shown),
                self._responses.player_headers,
            )
        except Resting as resting:
            return self._responses.resting(resting.page)
        except Locked as locked:
            return await self._kept.answer_behind(
                request,
                locked.door,
                lambda: shares.share_page(
                    self.runtime, self._films, slug, now, is_let_in=True, shown=shown
                ),
                self._responses.player_headers,
            )

    async def call_to_action(self, request: Request) -> Response:
        """Lead to where the button of a landing page leads. No address is read from the request."""
        slug, now = request.path_params["slug"], utcnow()
        try:
            url = await self._read_call_to_action(request, slug, now)
        except Resting as resting:
            return self._responses.resting(resting.page)
        except Locked as locked:
            return RedirectResponse(locked.door.path, 303, PRIVATE)
        headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        return RedirectResponse(url, 302, headers)

    async def _read_call_to_action(self, request: Request, slug: str, now: datetime) -> str:
        read = self.runtime.read_for_page
        try:
            return await read(shares.call_to_action, self.runtime, slug, now)
        except Locked as locked:
            if not self._entrance.is_let_in(request, locked.door):
                raise
        return await read(shares.call_to_action, self.runtime, slug, now, is_let_in=True)

    async def brand_picture(self, request: Request) -> Response:
        return await brand_picture(request, self.runtime)
