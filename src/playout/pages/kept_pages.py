"""The answers of pages that are kept in memory, and of those behind a password."""

from collections.abc import Callable, Mapping
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from playout.kit.cache import Cache
from playout.kit.http.kept_answer import KeptAnswer
from playout.pages.landing.entrance import Door, Entrance
from playout.pages.memory import PageCache
from playout.pages.responses import PRIVATE, Responses
from playout.pages.views import Rendered
from playout.runtime import Runtime

CACHED_PAGES = 2_000
NOT_SHARED = {"Cache-Control": "private, no-cache"}
"""Headers of a variant. This process keeps it; a shared cache would mix it with others."""


class KeptPages:
    """Answers with pages. A public one is rendered once, and kept until what it shows changes."""

    def __init__(self, runtime: Runtime, responses: Responses, entrance: Entrance) -> None:
        self.cache: PageCache = Cache(runtime.invalidations, CACHED_PAGES)
        self._runtime = runtime
        self._responses = responses
        self._entrance = entrance

    async def answer(
        self,
        request: Request,
        key: str | None,
        render: Callable[[], Rendered],
        headers: Mapping[str, str],
    ) -> Response:
        """Return the page with that key in memory, or render it. One without a key is not kept."""
        page = self.cache.get(key) if key else None
        if page is None:
            page = await self._runtime.read_for_page(self._render, key, render, headers)
        if request.method == "POST":  # it had a password a moment ago
            return RedirectResponse(request.path_params["slug"], 303, PRIVATE)
        return page.response(request.scope["headers"])

    async def answer_behind(
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
        page = await self._runtime.read_for_page(render)
        headers = self._responses.styled(headers, page.styles)
        headers = self._responses.framed(headers, page.ancestors)
        return self._responses.page(page.html, headers={**PRIVATE, **headers})

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
        tags = self._responses.cache_tags(dict.fromkeys(keys), ends=rendered.until is not None)
        tags = tags if rendered.is_for_all else NOT_SHARED
        page = KeptAnswer(body, {**self._responses.headers, **headers, **tags}, etag)
        if key:
            self.cache.put(key, page, generation, *rendered.tags, until=rendered.until)
        return page
