"""The routes of the console, behind the sign-in of members."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from urllib.parse import quote

from fastapi.concurrency import contextmanager_in_threadpool
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from playout.console import components
from playout.console.audience import experiments
from playout.console.audience import pages as audience
from playout.console.automation import pages as automation
from playout.console.campaigns import routes as campaign_routes
from playout.console.form_tokens import check_token, with_tokens
from playout.console.forms import Sent, read_sent
from playout.console.landing import routes as landing_routes
from playout.console.makers import Begin, Handler, Refuse, TakeFiles
from playout.console.people import routes as people_routes
from playout.console.reader import reader_of, reading
from playout.console.receiving import Receiver, receive
from playout.console.render import render
from playout.console.rooms import IN_DOCK, ROOMS
from playout.console.texts import translated
from playout.console.videos import routes as video_routes
from playout.console.videos.undo import Deed, unpack
from playout.console.visit import (
    Download,
    Drawn,
    Framed,
    GoTo,
    Note,
    Outcome,
    Shown,
    Told,
    Visit,
)
from playout.core.permissions import Permission
from playout.core.principal import Principal
from playout.core.processing.scratch import job_folder
from playout.kit.errors import Invalid, PlayoutError
from playout.kit.http.file_form import read_form as read_files
from playout.pages.forms import check_origin
from playout.pages.responses import PRIVATE, Responses
from playout.pages.viewers import COOKIE, Viewers
from playout.runtime import Runtime

HOME = "/console"
FORM_BYTES = 512 * 1024
NOTE = "playout_note"
"""The cookie with a sentence about what was done, which the next page shows once."""
DEED = "playout_deed"
"""The cookie with what was done to many videos, which the next page offers to undo."""
Run = Callable[[Handler, Visit], Awaitable[Outcome]]


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
                "frame-src": "'self'",
                "frame-ancestors": "'none'",
            }
        )

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route(HOME, self.home),
            *self.page(f"{HOME}/more", lambda _: Shown("more.html", {})),
            *self.page(f"{HOME}/components", components.index),
            *video_routes.routes(self),
            *landing_routes.routes(self),
            *campaign_routes.routes(self),
            *people_routes.routes(self),
            *(
                Route(f"{HOME}{path}", self._endpoint(page))
                for path, page in {
                    **audience.PAGES,
                    **experiments.PAGES,
                    **automation.PAGES,
                }.items()
            ),
            *(
                route
                for path, change in {**experiments.FORMS, **automation.FORMS}.items()
                for route in self.form(f"{HOME}{path}", change)
            ),
        ]

    async def home(self, _: Request) -> Response:
        return RedirectResponse(f"{self._prefix}{HOME}/videos", 302, PRIVATE)

    def page(self, path: str, show: Handler, change: Handler | None = None) -> Sequence[BaseRoute]:
        """Return the routes of a page: it is shown, and its form is sent to its own address."""
        shown = Route(path, self._endpoint(show))
        return [shown] if change is None else [shown, *self.form(path, change)]

    def picture(self, path: str, draw: Handler) -> Sequence[BaseRoute]:
        return [Route(path, self._endpoint(draw, self._runtime.drawings.run))]

    def form(self, path: str, change: Handler) -> Sequence[BaseRoute]:
        # Not `read_for_page`, which leaves a function that is late alone: it would still write.
        run = self._runtime.page_reads.run
        return [Route(path, self._endpoint(change, run), methods=["POST"])]

    def file_form(self, path: str, change: Handler, most_bytes: int) -> Sequence[BaseRoute]:
        """Return the route of a form that may have a file, which is converted and stored."""
        run = self._runtime.storage_calls.run
        return [Route(path, self._endpoint(change, run, most_bytes), methods=["POST"])]

    def long_form(self, path: str, change: Handler) -> Sequence[BaseRoute]:
        """Return the route of a form that changes many things, and may take its time."""
        return [Route(path, self._endpoint(change, run_in_threadpool), methods=["POST"])]

    def stream(
        self, path: str, begin: Begin, refuse: Refuse, most_bytes: int
    ) -> Sequence[BaseRoute]:
        """Return the route of a form whose file is taken while it arrives."""

        async def take(request: Request, member: Principal) -> Outcome:
            def begun(fields: dict[str, str]) -> Receiver:
                check_token(request, fields, self._runtime.signer)
                return begin(self._visit(request, member, fields))

            def refused(fields: dict[str, str], error: PlayoutError) -> Outcome:
                return refuse(self._visit(request, member, fields), error)

            run = self._runtime.storage_calls.run
            return await receive(request, most_bytes, begun, refused, run)

        return self._taking(path, take)

    def files_form(
        self,
        path: str,
        check: Callable[[Visit], None],
        change: TakeFiles,
        *,
        large: Collection[str],
        most_bytes: int,
    ) -> Sequence[BaseRoute]:
        """Return the route of a form with several files."""

        async def take(request: Request, member: Principal) -> Outcome:
            run = self._runtime.storage_calls.run
            await run(check, self._visit(request, member, {}))
            async with contextmanager_in_threadpool(
                job_folder(self._runtime.job_folders)
            ) as folder:
                form = await read_files(request, folder, most_bytes, large)
                check_token(request, form.texts, self._runtime.signer)
                visit = self._visit(request, member, form.texts)
                # Pictures and animations are read in the sandbox, which may take its time.
                return await run_in_threadpool(change, visit, form, folder)

        return self._taking(path, take)

    def _taking(
        self, path: str, take: Callable[[Request, Principal], Awaitable[Outcome]]
    ) -> Sequence[BaseRoute]:
        """Return the route of a form that a function reads itself."""

        async def answer(request: Request) -> Response:
            check_origin(request, self._runtime.settings.base_url)
            member = await self._viewers.viewer_of(request)
            if member is None or member.role is None:
                return self._to_sign_in(request)
            with reading(reader_of(request, member.language)):
                return self._response(request, member, await take(request, member))

        return [Route(path, answer, methods=["POST"])]

    def _visit(self, request: Request, member: Principal, fields: dict[str, str]) -> Visit:
        return Visit(self._runtime, member, request.path_params, {}, fields)

    def _endpoint(
        self, handler: Handler, run: Run | None = None, most_bytes: int = FORM_BYTES
    ) -> Callable[[Request], Awaitable[Response]]:
        run = run or self._runtime.read_for_page

        async def answer(request: Request) -> Response:
            if request.method == "POST":
                check_origin(request, self._runtime.settings.base_url)
            member = await self._viewers.viewer_of(request)
            if member is None or member.role is None:
                return self._to_sign_in(request)
            sent = await read_sent(request, most_bytes) if request.method == "POST" else Sent()
            visit = Visit(
                self._runtime,
                member,
                request.path_params,
                dict(request.query_params),
                sent.fields,
                file=sent.file,
                cookie=request.cookies.get(COOKIE, ""),
            )
            if request.method == "POST":
                check_token(request, visit.form, self._runtime.signer)
            with reading(reader_of(request, member.language)):
                outcome = await run(handler, visit)
                return self._response(request, member, outcome)

        return answer

    def _to_sign_in(self, request: Request) -> Response:
        # A form that was sent in vain leads back to the page that it was on.
        path = request.scope["path"] if request.method != "POST" else f"{HOME}/videos"
        next_ = quote(f"{self._prefix}{path}")
        return RedirectResponse(f"{self._prefix}/sign-in?next={next_}", 303, PRIVATE)

    def _response(self, request: Request, member: Principal, outcome: Outcome) -> Response:
        if isinstance(outcome, GoTo):
            return self._redirect(outcome)
        if isinstance(outcome, Framed):
            page = outcome.page
            headers = {**PRIVATE, **self._responses.player_headers}
            return self._responses.page(
                page.html, 200, self._responses.styled(headers, page.styles)
            )
        if not isinstance(outcome, Shown):
            return _file_of(outcome)
        note, deed = request.cookies.get(NOTE, ""), _deed(request)
        values = {
            "deed": deed,
            "back": "",
            **outcome.values,
            "prefix": self._prefix,
            "home": f"{self._prefix}{HOME}",
            "rooms": ROOMS,
            "in_dock": IN_DOCK,
            "here": request.scope["path"],
            "is_opened": request.method == "GET",
            "member": member.full_name or member.name,
            "role": member.role,
            "site_name": self._runtime.settings.site_name,
            "note": translated(Note[note].value) if note in Note.__members__ else "",
            "is_person": member.user_id is not None,
            "may": member.may,
            "organization_tabs": people_routes.TABS,
            "may_write": member.may(Permission.VIDEOS_WRITE),
        }
        session = request.cookies.get(COOKIE, "")
        html = with_tokens(render(outcome.template, values), self._runtime.signer, session)
        answer = self._responses.page(html, outcome.status, {**PRIVATE, **self._policy})
        for name in (NOTE, DEED):
            if name in request.cookies:
                answer.delete_cookie(name, f"{self._prefix}{HOME}")
        return answer

    def _redirect(self, outcome: GoTo) -> Response:
        path = f"{self._prefix}{HOME}{outcome.path}"
        answer = RedirectResponse(path, 303, PRIVATE)
        for name, value in ((NOTE, outcome.note.name), (DEED, outcome.deed)):
            if value:
                where = f"{self._prefix}{HOME}"
                answer.set_cookie(name, value, max_age=30, path=where, samesite="lax")
        return answer


def _file_of(outcome: Drawn | Told | Download) -> Response:
    """Return the answer of what is no page."""
    if isinstance(outcome, Drawn):
        return Response(outcome.content, headers=PRIVATE, media_type="image/png")
    if isinstance(outcome, Told):
        return JSONResponse(outcome.values, 200, PRIVATE)
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{outcome.name}"'}
    if isinstance(outcome.text, str):
        return Response(outcome.text, 200, headers, outcome.media_type)
    return StreamingResponse(outcome.text, 200, headers, outcome.media_type)


def _deed(request: Request) -> Deed | None:
    """Return what was done to many videos a moment ago."""
    try:
        return unpack(request.cookies[DEED]) if DEED in request.cookies else None
    except Invalid:
        return None
