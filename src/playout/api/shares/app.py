"""The Shares API as a whole: its document, its routes and its errors."""

from playout.api.app import Api
from playout.api.openapi import ApiInfo
from playout.api.shares.errors import ProblemDetails, render_error
from playout.api.shares.routes import credentials, projects, shares

API = Api(
    name="shares",
    info=ApiInfo(
        title="Playout: Shares API",
        description=(
            "Give a project a public landing page for each channel, personalized and with a call"
            " to action, and manage the credentials that render its videos."
        ),
        error=ProblemDetails,
        error_media_type="application/problem+json",
    ),
    routers=(projects.router, shares.router, credentials.router),
    render_error=render_error,
)
