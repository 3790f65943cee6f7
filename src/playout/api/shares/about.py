"""What the document of the Shares API says of it as a whole."""

from playout.api.openapi import About
from playout.api.shares.errors import ProblemDetails

ABOUT = About(
    title="Playout: Shares API",
    description=(
        "Give the videos of a project a public landing page for each channel, personalised and"
        " with a call to action, and the credentials that render for them."
    ),
    error=ProblemDetails,
    error_media_type="application/problem+json",
)
