"""The routes of the console, behind the sign-in of members."""

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.console import (
    brands,
    bulk,
    captions,
    embedding,
    film_templates,
    landing,
    posters,
    progress,
    share_history,
    video_list,
    videos,
)
from playout.console.forms import Sent, read_sent
from playout.console.render import render
from playout.console.undo import Deed, unpack
from playout.console.visit import Drawn, Framed, GoTo, Note, Outcome, Told, Visit
from playout.core.permissions import Permission
from playout.core.principal import Principal
from playout.kit.errors import Invalid
from playout.pages.forms import check_origin
from playout.pages.responses import PRIVATE, Responses
from playout.pages.viewers import Viewers
from playout.runtime import Runtime

HOME = "/console"
FORM_BYTES = 512 * 1024
NOTE = "playout_note"
"""The cookie with a sentence about what was done, which the next page shows once."""
DEED = "playout_deed"
"""The cookie with what was done to many videos, which the next page offers to undo."""
ROOMS = (("/videos", "Videos"), ("/landing", "Landing pages"))
Handler = Callable[[Visit], Outcome]
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
        video, share = f"{HOME}/videos/{{video}}", f"{HOME}/landing/{{project}}/{{channel}}"
        brand = f"{HOME}/landing/{{project}}/brand"
        templates = f"{HOME}/landing/{{project}}/templates"
        return [
            Route(HOME, self.home),
            *self._page(f"{HOME}/videos", video_list.index),
            *self._long_form(f"{HOME}/videos/bulk", bulk.change),
            *self._long_form(f"{HOME}/videos/undo", bulk.undo),
            *self._page(f"{HOME}/videos/new", videos.new, videos.create),
            *self._page(video, videos.show, videos.save),
            *self._form(f"{video}/publish", videos.publish),
            *self._form(f"{video}/unpublish", videos.unpublish),
            *self._form(f"{video}/delete", videos.delete),
            *self._file_form(f"{video}/poster", posters.choose, posters.FILE_BYTES),
            *self._form(f"{video}/poster/remove", posters.remove),
            *self._file_form(f"{video}/captions", captions.add, captions.FILE_BYTES),
            *self._page(f"{video}/captions/{{language}}", captions.show, captions.save),
            *self._form(f"{video}/captions/{{language}}/remove", captions.remove),
            *self._form(f"{video}/sites", embedding.save),
            *self._form(f"{video}/links", videos.add_link),
            *self._form(f"{video}/links/{{link}}/revoke", videos.revoke_link),
            *self._page(f"{HOME}/progress", progress.states),
            *self._page(f"{HOME}/landing", landing.index),
            *self._page(f"{HOME}/landing/{{project}}", landing.index),
            *self._page(brand, brands.show, brands.save),
            *self._page(f"{brand}/preview", brands.preview),
            *self._page(f"{brand}/hints", brands.hints),
            *self._file_form(
                f"{brand}/pictures/{{picture}}", brands.put_picture, brands.FILE_BYTES
            ),
            *self._form(f"{brand}/pictures/{{picture}}/remove", brands.remove_picture),
            *self._page(templates, film_templates.show),
            *self._form(f"{templates}/{{channel}}", film_templates.publish),
            Route(
                f"{templates}/{{template}}/picture",
                self._endpoint(film_templates.picture, self._runtime.drawings.run),
            ),
            *self._page(f"{share}/history", share_history.show),
            *self._form(share, landing.save),
            *self._form(f"{share}/{{verb}}", landing.act),
        ]

    async def home(self, _: Request) -> Response:
        return RedirectResponse(f"{self._prefix}{HOME}/videos", 302, PRIVATE)

    def _page(self, path: str, show: Handler, change: Handler | None = None) -> Sequence[BaseRoute]:
        """Return the routes of a page: it is shown, and its form is sent to its own address."""
        shown = Route(path, self._endpoint(show))
        return [shown] if change is None else [shown, *self._form(path, change)]

    def _form(self, path: str, change: Handler) -> Sequence[BaseRoute]:
        return [Route(path, self._endpoint(change), methods=["POST"])]

    def _file_form(self, path: str, change: Handler, most_bytes: int) -> Sequence[BaseRoute]:
        """Return the route of a form that may have a file, which is converted and stored."""
        run = self._runtime.storage_calls.run
        return [Route(path, self._endpoint(change, run, most_bytes), methods=["POST"])]

    def _long_form(self, path: str, change: Handler) -> Sequence[BaseRoute]:
        """Return the route of a form that changes many things, and may take its time."""
        return [Route(path, self._endpoint(change, run_in_threadpool), methods=["POST"])]

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
                sent.file,
            )
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
        if isinstance(outcome, Drawn):
            return Response(outcome.content, headers=PRIVATE, media_type="image/png")
        if isinstance(outcome, Told):
            return JSONResponse(outcome.values, 200, PRIVATE)
        note, deed = request.cookies.get(NOTE, ""), _deed(request)
        values = {
            "deed": deed,
            "back": "",
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


def _deed(request: Request) -> Deed | None:
    """Return what was done to many videos a moment ago."""
    try:
        return unpack(request.cookies[DEED]) if DEED in request.cookies else None
    except Invalid:
        return None
