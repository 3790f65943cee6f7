"""The routes of the console, behind the sign-in of members."""

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.console import audience, automation, landing, videos
from playout.console.render import render
from playout.console.visit import Download, GoTo, Note, Outcome, Visit
from playout.core.permissions import Permission
from playout.core.principal import Principal
from playout.core.uploads import service as uploads
from playout.core.videos import sources
from playout.kit.errors import PlayoutError, TooLarge
from playout.kit.http.file_chunks import RECEIVED_BYTES, file_chunks
from playout.pages.forms import check_origin, read_form
from playout.pages.responses import PRIVATE, Responses
from playout.pages.viewers import Viewers
from playout.runtime import Runtime

HOME = "/console"
FORM_BYTES = 512 * 1024
NOTE = "playout_note"
"""The cookie with a sentence about what was done, which the next page shows once."""
ROOMS = (
    ("/videos", "Videos"),
    ("/landing", "Landing pages"),
    ("/audience", "Audience"),
    ("/automation", "Automation"),
)
Handler = Callable[[Visit], Outcome]


class Console:
    """Serves `/console`. Each page has an address, and each form leads to a page."""

    def __init__(self, runtime: Runtime, viewers: Viewers) -> None:
        settings = runtime.settings
        self._prefix = settings.address.prefix
        self._runtime = runtime
        self._viewers = viewers
        responses = Responses(settings)
        self._responses = responses
        self._policy = responses.policy(
            {
                "script-src": "'self'",
                "connect-src": "'self'",
                "form-action": "'self'",
                "frame-ancestors": "'none'",
            }
        )

    def routes(self) -> Sequence[BaseRoute]:
        video, share = f"{HOME}/videos/{{video}}", f"{HOME}/landing/{{project}}/{{channel}}"
        return [
            Route(HOME, self.home),
            *self._page(f"{HOME}/videos", videos.index),
            *self._page(f"{HOME}/videos/new", videos.new, videos.create),
            *self._page(video, videos.show, videos.save),
            *self._form(f"{video}/publish", videos.publish),
            *self._form(f"{video}/unpublish", videos.unpublish),
            *self._form(f"{video}/delete", videos.delete),
            *self._form(f"{video}/links", videos.add_link),
            *self._form(f"{video}/links/{{link}}/revoke", videos.revoke_link),
            Route(f"{video}/source", self.source, methods=["PUT"]),
            *self._page(f"{HOME}/landing", landing.index),
            *self._page(f"{HOME}/landing/{{project}}", landing.index),
            *self._form(share, landing.save),
            *self._form(f"{share}/{{verb}}", landing.act),
            *(
                Route(f"{HOME}{path}", self._endpoint(page))
                for path, page in {**audience.PAGES, **automation.PAGES}.items()
            ),
            *(
                Route(f"{HOME}{path}", self._endpoint(change), methods=["POST"])
                for path, change in automation.FORMS.items()
            ),
        ]

    async def home(self, _: Request) -> Response:
        return RedirectResponse(f"{self._prefix}{HOME}/videos", 302, PRIVATE)

    async def source(self, request: Request) -> Response:
        """Take the file of a video, as the body of the request."""
        check_origin(request, self._runtime.settings.base_url)
        member = await self._viewers.viewer_of(request)
        if member is None:
            return JSONResponse({"problem": "Sign in again."}, 401)
        visit = Visit(self._runtime, member, request.path_params, {})
        try:
            await self._receive(request, visit)
        except PlayoutError as error:
            return JSONResponse({"problem": error.message}, 400, PRIVATE)
        return JSONResponse({}, 200, PRIVATE)

    async def _receive(self, request: Request, visit: Visit) -> None:
        """Store the bytes, which are the source of the video from then on."""

        def open_source() -> tuple[sources.SourceSlot, int]:
            with visit.read() as unit:
                slot = sources.open_source(unit, visit.number("video"))
                settings = self._runtime.settings
                return slot, uploads.max_source_bytes(unit, slot.organization_id, settings)

        slot, limit = await run_in_threadpool(open_source)
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > limit:
            raise TooLarge(f"A file may have {limit:,} bytes at the most.")
        storage = self._runtime.storage
        received = await storage.receive(slot.key, file_chunks(request), limit)
        RECEIVED_BYTES.inc(received.size)

        def close_source() -> None:
            with visit.write() as unit:
                sources.close_source(unit, slot, received, replace_at_once=False)

        try:
            await run_in_threadpool(close_source)
        except BaseException:
            await self._runtime.storage_calls.run(storage.delete, slot.key)
            raise

    def _page(self, path: str, show: Handler, change: Handler | None = None) -> Sequence[BaseRoute]:
        """Return the routes of a page: it is shown, and its form is sent to its own address."""
        shown = Route(path, self._endpoint(show))
        return [shown] if change is None else [shown, *self._form(path, change)]

    def _form(self, path: str, change: Handler) -> Sequence[BaseRoute]:
        return [Route(path, self._endpoint(change), methods=["POST"])]

    def _endpoint(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            if request.method == "POST":
                check_origin(request, self._runtime.settings.base_url)
            member = await self._viewers.viewer_of(request)
            if member is None or member.role is None:
                return self._to_sign_in(request)
            form = await read_form(request, FORM_BYTES) if request.method == "POST" else {}
            visit = Visit(
                self._runtime, member, request.path_params, dict(request.query_params), form
            )
            outcome = await self._runtime.read_for_page(handler, visit)
            return self._response(request, member, outcome)

        return answer

    def _to_sign_in(self, request: Request) -> Response:
        # A form that was sent in vain leads back to the page that it was on.
        path = request.scope["path"] if request.method != "POST" else f"{HOME}/videos"
        next_ = quote(f"{self._prefix}{path}")
        return RedirectResponse(f"{self._prefix}/sign-in?next={next_}", 303, PRIVATE)

    def _response(self, request: Request, member: Principal, outcome: Outcome) -> Response:
        if isinstance(outcome, GoTo):
            return self._redirect(request, outcome)
        if isinstance(outcome, Download):
            named = {"Content-Disposition": f'attachment; filename="{outcome.name}"'}
            return Response(outcome.text, 200, {**PRIVATE, **named}, outcome.media_type)
        note = request.cookies.get(NOTE, "")
        values = {
            **outcome.values,
            "prefix": self._prefix,
            "home": f"{self._prefix}{HOME}",
            "rooms": ROOMS,
            "here": request.scope["path"],
            "member": member.full_name or member.name,
            "role": member.role,
            "site_name": self._runtime.settings.site_name,
            "note": Note[note].value if note in Note.__members__ else "",
            "may_write": member.may(Permission.VIDEOS_WRITE),
        }
        html = render(outcome.template, values)
        answer = self._responses.page(html, outcome.status, {**PRIVATE, **self._policy})
        if note:
            answer.delete_cookie(NOTE, f"{self._prefix}{HOME}")
        return answer

    def _redirect(self, request: Request, outcome: GoTo) -> Response:
        path = f"{self._prefix}{HOME}{outcome.path}"
        if request.headers.get("accept") == "application/json":
            return JSONResponse({"path": path}, 201, PRIVATE)
        answer = RedirectResponse(path, 303, PRIVATE)
        answer.set_cookie(
            NOTE, outcome.note.name, max_age=30, path=f"{self._prefix}{HOME}", samesite="lax"
        )
        return answer
