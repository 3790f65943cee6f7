"""The Publications API: its texts, its routes and its errors."""

from playout.api.app import Api
from playout.api.authentication import VERIFICATION_PATH
from playout.api.openapi import ApiInfo
from playout.api.publications.errors import ErrorOut, render_error
from playout.api.publications.routes import (
    callers,
    gallery,
    processing,
    publications,
    sessions,
)

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
            "sessions": "The processing of sessions, and whose credential it is.",
            "gallery": "Public videos, for sites that show them.",
        },
        error=ErrorOut,
    ),
    routers=(
        publications.router,
        sessions.router,
        processing.router,
        gallery.router,
        callers.router,
    ),
    render_error=render_error,
)

OTHER_PATH = "/v2"
"""The other path of all routes of this API: its public client calls some of them there."""
ROOT_PATHS = (VERIFICATION_PATH,)
"""Paths at which that client calls this API at the root."""
