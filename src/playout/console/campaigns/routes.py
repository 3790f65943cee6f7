"""The addresses of campaigns: productions, with their distributions and activations."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from playout.console.campaigns import activations, distributions, productions
from playout.console.makers import Makers

CAMPAIGNS = "/console/campaigns"


def routes(make: Makers) -> Sequence[BaseRoute]:
    """Return the routes of the room."""
    production = f"{CAMPAIGNS}/{{production}}"
    distribution = f"{production}/distributions/{{distribution}}"
    activation = f"{production}/activations/{{activation}}"
    return [
        *make.page(CAMPAIGNS, productions.index),
        *make.page(f"{CAMPAIGNS}/new", productions.new, productions.create),
        *make.page(production, productions.show, productions.save),
        *make.form(f"{production}/delete", productions.delete),
        *make.page(f"{production}/distributions/new", distributions.new, distributions.create),
        *make.page(distribution, distributions.show, distributions.save),
        *make.form(f"{distribution}/delete", distributions.delete),
        *make.page(f"{production}/activations/new", activations.new, activations.create),
        *make.page(activation, activations.show, activations.save),
        *make.form(f"{activation}/move", activations.move),
        *make.form(f"{activation}/delete", activations.delete),
        *make.form(f"{activation}/{{verb}}", activations.act),
    ]
