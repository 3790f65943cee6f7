"""What the document of the Publications API says of it as a whole."""

from playout.api.openapi import About
from playout.api.publications.errors import Refusal

ABOUT = About(
    title="Playout: Publications API",
    description=(
        "Publish, edit and revoke the public publication of a finished video, which this API"
        " calls a session. Bodies are flat, or nested under `input`; many fields go by several"
        " names, of which the first that is present wins."
    ),
    error=Refusal,
)
