"""The Productions API as a whole: its document, its routes and its errors."""

from playout.api.app import Api
from playout.api.openapi import ApiInfo
from playout.api.productions import routes
from playout.api.productions.errors import Failure, render_error

API = Api(
    name="productions",
    info=ApiInfo(
        title="Playout: Productions API",
        description=(
            "Manage productions, the distributions that package them, and the activations that run"
            " them in campaigns. Send items to create as an array, also a single one: either all of"
            " them are created, or none. Every answer is an array in an envelope."
        ),
        error=Failure,
    ),
    routers=routes.ROUTERS,
    render_error=render_error,
)
