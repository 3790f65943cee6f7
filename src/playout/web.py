"""The web application: the four APIs, the public pages, health and metrics."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from playout import health, prometheus
from playout.api.app import build
from playout.api.errors import STATUS, Internal, from_http
from playout.api.kept_answers import kept_answers
from playout.api.productions.app import API as PRODUCTIONS
from playout.api.productions.app import ROOT_PATHS
from playout.api.publications.app import API as PUBLICATIONS
from playout.api.publications.app import OTHER_PATH as OTHER_PUBLICATIONS
from playout.api.publications.app import ROOT_PATHS as ROOT_PUBLICATIONS
from playout.api.shares.app import API as SHARES
from playout.api.shares.paths import CaseInsensitivePaths
from playout.api.videos.app import API as VIDEOS
from playout.api.videos.app import UPLOAD_PATHS
from playout.api.videos.tus.middleware import TusMiddleware
from playout.console.routes import Console
from playout.console.videos.uploads import PATHS as SESSION_UPLOAD_PATHS
from playout.console.videos.uploads import SessionUploads
from playout.kit.errors import Invalid, PlayoutError
from playout.kit.http.accept import accepts_html
from playout.kit.http.client_address import TrustedProxies
from playout.kit.http.compression import Compression
from playout.kit.http.either_slash import answer_either_slash
from playout.kit.http.failed_credentials import FailedCredentials, TooManyFailures
from playout.kit.http.prefix import PrefixRemoval
from playout.kit.http.problem_details import ProblemResponse, problem_details
from playout.kit.http.request_instrumentation import RequestInstrumentation
from playout.kit.rate_limit import RateLimit
from playout.pages.beacons import Beacons
from playout.pages.memory import PagesFromMemory
from playout.pages.playback.media import HEADERS as MEDIA_HEADERS
from playout.pages.routes import Pages
from playout.pages.viewers import Viewers
from playout.runtime import Runtime


def application(runtime: Runtime) -> Starlette:
    """Build the web application over a runtime."""
    settings = runtime.settings
    # One count for all: a wrong credential is wrong everywhere. A client may send as many as a key
    # may send requests.
    failures = FailedCredentials(RateLimit(settings.rate_limit, settings.redis_url))
    pages = Pages(runtime, failures)
    routes = [
        *pages.routes(),  # first, because they are requested most
        *Console(runtime, pages.viewers).routes(),
        *_apis(runtime, failures, pages.viewers),
        *health.routes(runtime),
        *prometheus.routes(runtime, failures),
    ]
    prefix = settings.address.prefix
    _check_prefix(prefix, routes)
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(PrefixRemoval, prefix=prefix),
            Middleware(
                TrustedProxies,
                trusted=runtime.settings.trusted_proxies,
                country_header=runtime.settings.country_header,
            ),
            Middleware(Beacons, runtime=runtime),
            Middleware(
                RequestInstrumentation,
                tracing=runtime.tracing,
                ready=PagesFromMemory(pages.cache, pages.cached_routes),
            ),
            Middleware(Compression),
        ],
    )
    answer_either_slash(app.router)
    app.state.api = "pages"  # in metrics and traces
    app.state.masks_clients = True  # nothing personal of visitors is in the log
    _answer_errors_with_pages(app, pages)
    return app


def _check_prefix(prefix: str, routes: Sequence[BaseRoute]) -> None:
    """Raise `Invalid` if nobody can tell whether a proxy removed the prefix from a path."""
    first = prefix.split("/")[1:2]
    own = {route.path.split("/")[1] for route in routes if isinstance(route, Mount | Route)}
    if own.intersection(first):
        raise Invalid(
            f"PLAYOUT_PUBLIC_URL is not valid: Playout has addresses of its own below /{first[0]};"
            " choose another path."
        )


def _apis(runtime: Runtime, failures: FailedCredentials, viewers: Viewers) -> Sequence[BaseRoute]:
    kept = kept_answers(runtime.invalidations)
    videos = TusMiddleware(
        build(VIDEOS, runtime, failures, kept), runtime.settings.max_upload_bytes
    )
    productions = build(PRODUCTIONS, runtime, failures, kept)
    publications = build(PUBLICATIONS, runtime, failures, kept)
    return [
        *(Route(path, videos) for path in UPLOAD_PATHS),
        *(
            Route(path, SessionUploads(videos, viewers, runtime.settings.base_url))
            for path in SESSION_UPLOAD_PATHS
        ),
        *(Route(path, publications) for path in ROOT_PUBLICATIONS),
        Mount(OTHER_PUBLICATIONS, publications),
        Mount(PUBLICATIONS.path, publications),
        Mount(VIDEOS.path, videos),
        Mount(
            SHARES.path,
            CaseInsensitivePaths(build(SHARES, runtime, failures, kept), SHARES.routers),
        ),
        # At the root, where the pages are too: only the paths of this API go to it.
        *(Route(path, productions) for path in ROOT_PATHS),
    ]


def _answer_errors_with_pages(app: Starlette, pages: Pages) -> None:
    """Answer errors outside the APIs with a page, or with JSON for clients that reject HTML."""

    def notice(request: Request, error: Exception) -> Response:
        problem, status = _problem(error)
        if accepts_html(request.headers.get("accept", "*/*")):
            response = pages.error_page(request, problem, status)
        else:
            response = ProblemResponse(problem_details(problem, status), status)
            response.headers["Cache-Control"] = "no-cache"
        response.headers.add_vary_header("Accept")
        if isinstance(error, HTTPException):
            response.headers.update(error.headers or {})
        if isinstance(error, TooManyFailures):
            response.headers["Retry-After"] = str(error.retry_after)
        if request.url.path.startswith("/media/"):
            # Without these a player on another site cannot tell an error from a lost connection.
            response.headers.update(MEDIA_HEADERS)
        if status == 500:
            # Starlette sends this answer outside `RequestInstrumentation`, which adds the id to all
            # others.
            response.headers["X-Request-Id"] = request.state.request_id
        return response

    for error_type in (PlayoutError, HTTPException, Exception):
        app.add_exception_handler(error_type, notice)


def _problem(error: Exception) -> tuple[PlayoutError, int]:
    """Return the error to show, and its status."""
    if isinstance(error, PlayoutError):
        return error, STATUS.get(error.code, 400)
    if isinstance(error, HTTPException):
        return from_http(error), error.status_code
    return Internal("Something went wrong inside Playout."), 500
