"""The routes of the players that other sites show in a frame."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from playout.core.principal import Principal
from playout.core.renders.films import Films
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound
from playout.pages import feed
from playout.pages.embedding import embeds
from playout.pages.kept_pages import KeptPages
from playout.pages.landing.brands import Resting
from playout.pages.landing.entrance import WITH_FORM, Locked
from playout.pages.memory import EMBED, EMBED_SHARE, EMBED_WATCH, embed_key, share_key, watch_key
from playout.pages.messages import preferred_language
from playout.pages.responses import PRIVATE, Responses
from playout.pages.viewers import Viewers
from playout.runtime import Runtime


class Frames:
    """Serves `/embed/v/{slug}` and `/embed/s/{slug}`."""

    def __init__(
        self,
        runtime: Runtime,
        films: Films,
        viewers: Viewers,
        kept: KeptPages,
        responses: Responses,
    ) -> None:
        self._runtime = runtime
        self._films = films
        self._viewers = viewers
        self._kept = kept
        self._responses = responses

    def cached_routes(self) -> Mapping[str, Route]:
        """Return the routes, by the beginning of their paths."""
        return {
            EMBED_WATCH: Route("/embed/v/{slug}", self.video, methods=WITH_FORM),
            EMBED_SHARE: Route("/embed/s/{slug}", self.share, methods=WITH_FORM),
        }

    async def video(self, request: Request) -> Response:
        slug, headers = request.path_params["slug"], self._responses.embed_headers
        try:
            return await self._kept.answer(
                request,
                embed_key(watch_key(slug)),
                lambda: embeds.embedded_video(self._runtime, slug),
                headers,
            )
        except feed.SlugChanged as changed:
            query = f"?{request.url.query}" if request.url.query else ""
            prefix = self._runtime.settings.address.prefix
            address = f"{prefix}{EMBED}/v/{changed.slug}{query}"
            return RedirectResponse(address, 302, {"Cache-Control": "no-cache"})
        except NotFound as error:
            viewer = await self._viewers.viewer_of(request)
            page = await self._private_video(viewer, slug) if viewer else None
            if page is not None:
                return page
            if not isinstance(error, Locked):
                return self._nothing(request)
            return await self._kept.answer_behind(
                request,
                error.door,
                lambda: embeds.embedded_video(self._runtime, slug, is_let_in=True),
                headers,
            )

    async def _private_video(self, viewer: Principal, slug: str) -> Response | None:
        """Return the player of a video that is not public; None if the viewer may not watch it."""
        try:
            page = await self._runtime.read_for_page(
                embeds.embedded_video, self._runtime, slug, viewer
            )
        except (NotFound, feed.SlugChanged):
            return None
        headers = self._responses.framed(self._responses.embed_headers, page.ancestors)
        return self._responses.page(page.html, headers={**PRIVATE, **headers})

    async def share(self, request: Request) -> Response:
        slug, now = request.path_params["slug"], utcnow()
        headers = self._responses.embed_headers
        try:
            return await self._kept.answer(
                request,
                embed_key(share_key(slug, now)),
                lambda: embeds.embedded_share(self._runtime, self._films, slug, now),
                headers,
            )
        except Resting as resting:
            return self._responses.embed_notice(resting.page)
        except Locked as locked:
            return await self._kept.answer_behind(
                request,
                locked.door,
                lambda: embeds.embedded_share(
                    self._runtime, self._films, slug, now, is_let_in=True
                ),
                headers,
            )
        except NotFound:
            return self._nothing(request)

    def _nothing(self, request: Request) -> Response:
        """Say that there is no video, in the language that the browser asks for."""
        language = preferred_language(request.headers.get("accept-language", ""))
        notice = embeds.notice(self._runtime, language, embeds.NOT_HERE)
        answer = self._responses.embed_notice(notice)
        answer.headers["Vary"] = "Accept-Language"
        return answer
