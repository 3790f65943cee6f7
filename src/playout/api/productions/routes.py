"""The routes of the Productions API, all of them."""

from playout.api.productions import activations, distributions, productions

ROUTERS = [productions.router, distributions.router, activations.router]

PATHS = ("/key", "/productions", "/productions/{rest:path}", "/openapi.json")
"""What is this API's own: it stands at the root, beside the pages."""
