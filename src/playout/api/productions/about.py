"""What the document of the Productions API says of it as a whole."""

from playout.api.openapi import About
from playout.api.productions.errors import Failure

ABOUT = About(
    title="Playout: Productions API",
    description=(
        "Manage productions, the distributions that package them and the activations that run"
        " them in campaigns. What is created is sent as an array, also for a single item, and is"
        " entered whole or not at all; what is answered is an array in an envelope."
    ),
    error=Failure,
)
