"""The web application: every API, the public pages, health and metrics under one roof."""

from collections.abc import Iterator, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from playout import health
from playout import prometheus as scrape
from playout.api import app as apis
from playout.api.errors import STATUS
from playout.api.productions import about as productions_about
from playout.api.productions import errors as productions_errors
from playout.api.productions import routes as productions
from playout.api.publications import about as publications_about
from playout.api.publications import errors as publications_errors
from playout.api.publications import routes as publications
from playout.api.shares import about as shares_about
from playout.api.shares import errors as shares_errors
from playout.api.shares import routes as shares
from playout.api.shares.paths import AnyCase
from playout.api.videos import about as videos_about
from playout.api.videos import errors as videos_errors
from playout.api.videos import routes as videos
from playout.api.videos.tus import Tus
from playout.kit.errors import NotFound, PlayoutError, Unavailable
from playout.kit.http.instrumentation import ObservedRequests
from playout.kit.http.request_log import RequestLog
from playout.pages.routes import Pages
from playout.runtime import Runtime


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
    videos_api = Tus(
        apis.build(runtime, "videos", videos_about.ABOUT, videos.ROUTERS, videos_errors.spell),
        runtime.settings.max_upload_bytes,
    )
    return [
        *(Route(path, videos_api) for path in videos.UPLOADS),
        Mount(
            "/v1",
            apis.build(
                runtime,
                "publications",
                publications_about.ABOUT,
                [publications.router],
                publications_errors.spell,
            ),
        ),
        Mount("/api/v1", videos_api),
        Mount(
            "/api",
            AnyCase(
                apis.build(
                    runtime,
                    "shares",
                    shares_about.ABOUT,
                    shares.ROUTERS,
                    shares_errors.spell,
                ),
                shares.ROUTERS,
            ),
        ),
        *_productions(runtime),
    ]


def _productions(runtime: Runtime) -> Iterator[BaseRoute]:
    """At the root, where the pages are too: only the API's own paths go to it, whole."""
    app = apis.build(
        runtime,
        "productions",
        productions_about.ABOUT,
        productions.ROUTERS,
        productions_errors.spell,
    )
    return (Route(path, app) for path in productions.PATHS)


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
