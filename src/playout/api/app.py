"""The application of one API."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig

from playout import __version__
from playout.api.authentication import AuthenticationMiddleware
from playout.api.errors import RenderError, install_error_handlers, with_retry_after
from playout.api.event_stream import EventStreams
from playout.api.kept_answers import KeptAnswer, KeptAnswersMiddleware
from playout.api.metrics import RATE_LIMITED
from playout.api.openapi import ApiInfo, install_openapi
from playout.api.openapi_components import DESCRIPTION
from playout.api.rate_limiting import RateLimitMiddleware
from playout.kit.cache import Cache
from playout.kit.http.either_slash import answer_either_slash
from playout.kit.http.failed_credentials import FailedCredentials
from playout.runtime import Runtime

NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}
"""Telemetry of FastAPI, switched off: every request is instrumented once, in `playout.web`."""
LICENSE = {"name": "MIT", "identifier": "MIT"}


@dataclass(frozen=True, slots=True)
class Api:
    """One API: its name in the ledger, its document, its routes and its errors.

    `path` is what the addresses of all its routes begin with, or "" at the root.
    """

    name: str
    path: str
    info: ApiInfo
    routers: Sequence[APIRouter]
    render_error: RenderError


def build(
    api: Api, runtime: Runtime, failures: FailedCredentials, kept: Cache[KeptAnswer]
) -> FastAPI:
    """Build the application of an API, behind authentication and rate limits.

    `failures` counts the wrong credentials of each client, and `kept` has answers in memory.
    """
    app = FastAPI(
        title=api.info.title,
        description=api.info.description + DESCRIPTION,
        version=__version__,
        license_info=LICENSE,
        openapi_tags=[{"name": name, "description": text} for name, text in api.info.tags.items()],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
    )
    app.state.runtime, app.state.api = runtime, api.name
    app.state.streams = EventStreams(runtime)
    for router in api.routers:
        app.include_router(router)
    install_openapi(app, api.info, runtime.settings.address.prefix)
    answer_either_slash(app.router)
    render_error = with_retry_after(api.render_error)
    install_error_handlers(app, render_error)
    refused = RATE_LIMITED.labels(api.name)
    app.add_middleware(KeptAnswersMiddleware, kept=kept)
    app.add_middleware(
        RateLimitMiddleware,
        limit=runtime.rate_limit,
        refused=refused,
        render_error=render_error,
    )
    app.add_middleware(
        AuthenticationMiddleware,
        credentials=runtime.credentials,
        failures=failures,
        render_error=render_error,
    )
    return app
