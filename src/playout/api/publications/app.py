"""The Publications API: its texts, its routes and its errors."""

from playout.api.app import Api
from playout.api.openapi import ApiInfo
from playout.api.publications.errors import ErrorOut, render_error
from playout.api.publications.routes import publications, sessions

API = Api(
    name="publications",
    path="/v1",
    info=ApiInfo(
        title="Playout: Publications API",
        description=(
            "Publish a finished video, edit its publication, and revoke it. This API calls a video"
            " a session. A body is flat, or nested under `input`. Many fields have several names:"
            " of those that are sent, the first in the documented order counts."
        ),
        tags={
            "publications": "Publications, and the completed sessions of the caller.",
        },
        error=ErrorOut,
    ),
    routers=(publications.router, sessions.router),
    render_error=render_error,
)
