"""What the document of the Videos API says of it as a whole."""

from playout.api.openapi import About
from playout.api.videos.errors import Problem

ABOUT = About(
    title="Playout: Videos API",
    description=(
        "Enter videos, upload their sources, publish them, and manage all that belongs to an"
        " organization. Addresses end with a slash; lists answer `count`, `next`, `previous` and"
        " `results`."
    ),
    error=Problem,
    error_media_type="application/problem+json",
)
