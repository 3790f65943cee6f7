"""The web application: the four APIs, the public pages, health and metrics."""

from collections.abc import Iterator, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from playout import health, prometheus
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
from playout.kit.http.request_instrumentation import RequestInstrumentation
from playout.kit.http.request_log import RequestLog
from playout.pages.routes import Pages
from playout.runtime import Runtime


def application(runtime: Runtime) -> Starlette:
    """Build the web application over a runtime."""
    pages = Pages(runtime)
    app = Starlette(
        routes=[
            *pages.routes(),  # first, because they are requested most
            *_apis(runtime),
            *health.routes(runtime),
            *prometheus.routes(runtime),
        ],
        middleware=[
            Middleware(RequestLog),
            Middleware(RequestInstrumentation, tracing=runtime.tracing, default_api="pages"),
        ],
    )
    _answer_errors_with_pages(app, pages)
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
    """Return the routes of the Productions API.

    It is at the root, as the pages are, so it gets exactly its own paths.
    """
    app = apis.build(
        runtime,
        "productions",
        productions_about.ABOUT,
        productions.ROUTERS,
        productions_errors.spell,
    )
    return (Route(path, app) for path in productions.PATHS)


def _answer_errors_with_pages(app: Starlette, pages: Pages) -> None:
    """Answer errors outside the APIs with a page."""

    def notice(request: Request, error: Exception) -> Response:
        if isinstance(error, PlayoutError):
            return pages.error_page(error, STATUS.get(error.code, 400))
        if isinstance(error, HTTPException):
            missing = NotFound("There is nothing at this address.")
            return pages.error_page(missing, error.status_code)
        response = pages.error_page(Unavailable("Something went wrong inside Playout."), 500)
        # Starlette sends this answer outside `RequestLog`, which adds the id to all others.
        response.headers["X-Request-Id"] = request.state.request_id
        return response

    for error_type in (PlayoutError, HTTPException, Exception):
        app.add_exception_handler(error_type, notice)
