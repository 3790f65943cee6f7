"""The Productions API: its texts, its routes and its errors."""

from playout.api.app import Api
from playout.api.openapi import ApiInfo
from playout.api.productions.errors import ErrorOut, render_error
from playout.api.productions.routes import activations, distributions, key, productions

API = Api(
    name="productions",
    path="",
    info=ApiInfo(
        title="Playout: Productions API",
        description=(
            "Manage productions, the distributions that package them, and the activations that run"
            " them in campaigns. Items to create are sent as an array, also a single one; either"
            " all of them are created or none. Every answer is an array in an envelope, except that"
            " of `GET /key`."
        ),
        tags={
            "productions": "Productions, and the key of the caller.",
            "distributions": "Distributions, which package a production for a platform.",
            "activations": "Activations, which say when and where a production plays.",
        },
        error=ErrorOut,
    ),
    routers=(key.router, productions.router, distributions.router, activations.router),
    render_error=render_error,
)

ROOT_PATHS = ("/key", "/productions", "/productions/{rest:path}", "/openapi.json")
"""Paths of this API. It has no prefix of its own: it shares the root with the public pages."""
