"""The Publications API as a whole: its document, its routes and its errors."""

from playout.api.app import Api
from playout.api.openapi import ApiInfo
from playout.api.publications import routes
from playout.api.publications.errors import Refusal, render_error

API = Api(
    name="publications",
    info=ApiInfo(
        title="Playout: Publications API",
        description=(
            "Publish, edit and revoke the public publication of a finished video, which this API"
            " calls a session. Bodies are flat, or nested under `input`; many fields go by several"
            " names, of which the first that is present wins."
        ),
        error=Refusal,
    ),
    routers=(routes.router,),
    render_error=render_error,
)
