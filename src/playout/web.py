"""The web application: every API, the public pages, health and metrics under one roof."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from playout import health
from playout import prometheus as scrape
from playout.api.app import build
from playout.api.errors import STATUS
from playout.api.productions.app import API as PRODUCTIONS
from playout.api.productions.app import ROOT_PATHS
from playout.api.publications.app import API as PUBLICATIONS
from playout.api.shares.app import API as SHARES
from playout.api.shares.paths import CaseInsensitivePaths
from playout.api.videos.app import API as VIDEOS
from playout.api.videos.app import UPLOAD_PATHS
from playout.api.videos.tus.middleware import TusMiddleware
from playout.core.runtime import Runtime
from playout.kit.errors import NotFound, PlayoutError, Unavailable
from playout.kit.http.instrumentation import ObservedRequests
from playout.kit.http.request_log import RequestLog
from playout.pages.routes import Pages


def application(runtime: Runtime) -> Starlette:
    """The web application: the APIs, the public pages and health."""
    pages = Pages(runtime)
    app = Starlette(
        routes=[
            *pages.routes(),  # first, being asked for most
            *_apis(runtime),
            *health.routes(runtime),
            *scrape.routes(runtime),
        ],
        middleware=[
            Middleware(RequestLog),
            Middleware(ObservedRequests, metrics=runtime.metrics, tracing=runtime.tracing),
        ],
    )
    _install_notices(app, pages)
    return app


def _apis(runtime: Runtime) -> Sequence[BaseRoute]:
    videos = TusMiddleware(build(VIDEOS, runtime), runtime.settings.max_upload_bytes)
    productions = build(PRODUCTIONS, runtime)
    return [
        *(Route(path, videos) for path in UPLOAD_PATHS),
        Mount("/v1", build(PUBLICATIONS, runtime)),
        Mount("/api/v1", videos),
        Mount("/api", CaseInsensitivePaths(build(SHARES, runtime), SHARES.routers)),
        # At the root, where the pages are too: only the paths of this API go to it.
        *(Route(path, productions) for path in ROOT_PATHS),
    ]


def _install_notices(app: Starlette, pages: Pages) -> None:
    """Outside the APIs, what goes wrong is told by a page."""

    def told(request: Request, error: Exception) -> Response:
        if isinstance(error, PlayoutError):
            return pages.notice(error, STATUS.get(error.code, 400))
        if isinstance(error, HTTPException):
            missing = NotFound("There is nothing at this address.")
            return pages.notice(missing, error.status_code)
        fault = pages.notice(Unavailable("Something went wrong inside Playout."), 500)
        # This answer is given outside `RequestLog`, which puts the id on all others.
        fault.headers["X-Request-Id"] = request.state.request_id
        return fault

    for kind in (PlayoutError, HTTPException, Exception):
        app.add_exception_handler(kind, told)
