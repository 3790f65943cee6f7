"""The Videos API as a whole: its document, its routes and its errors."""

from playout.api.app import Api
from playout.api.openapi import ApiInfo
from playout.api.videos import routes
from playout.api.videos.errors import Problem, render_error

API = Api(
    name="videos",
    info=ApiInfo(
        title="Playout: Videos API",
        description=(
            "Enter videos, upload their sources, publish them, and manage all that belongs to an"
            " organization. Addresses end with a slash; lists answer `count`, `next`, `previous` and"
            " `results`."
        ),
        error=Problem,
        error_media_type="application/problem+json",
    ),
    routers=routes.ROUTERS,
    render_error=render_error,
)
