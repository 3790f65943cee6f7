"""What the app of each API is built with."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig

from playout import __version__
from playout.api import errors
from playout.api.authentication import Door
from playout.api.event_stream import Streams
from playout.api.metrics import RATE_LIMITED
from playout.api.openapi import About, describe
from playout.api.openapi_components import DESCRIPTION
from playout.api.rate_limiting import Throttle
from playout.runtime import Runtime

OURS: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}
"""Requests are observed around the whole application, pages included: once is enough."""


def build(
    runtime: Runtime, api: str, about: About, routers: Sequence[APIRouter], spell: errors.Spell
) -> FastAPI:
    """An app with one API's routes, errors and OpenAPI document, behind the door.

    `api` is the API's name in the ledger.
    """
    app = FastAPI(
        title=about.title,
        description=about.description + DESCRIPTION,
        version=__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=OURS,
    )
    app.state.runtime, app.state.api = runtime, api
    app.state.streams = Streams(runtime)
    for router in routers:
        app.include_router(router)
    describe(app, about)
    errors.install(app, spell)
    refused = RATE_LIMITED.labels(api)
    app.add_middleware(Throttle, limit=runtime.rate_limit, refused=refused, spell=spell)
    app.add_middleware(Door, credentials=runtime.credentials, spell=spell)
    return app
