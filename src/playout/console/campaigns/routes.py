"""The addresses of campaigns: productions, with their distributions and activations."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from playout.console.campaigns import activations, distributions, productions
from playout.console.makers import Form, Page

CAMPAIGNS = "/console/campaigns"


def routes(page: Page, form: Form) -> Sequence[BaseRoute]:
    """Return the routes of the room, as the console makes them of pages and forms."""
    production = f"{CAMPAIGNS}/{{production}}"
    distribution = f"{production}/distributions/{{distribution}}"
    activation = f"{production}/activations/{{activation}}"
    return [
        *page(CAMPAIGNS, productions.index),
        *page(f"{CAMPAIGNS}/new", productions.new, productions.create),
        *page(production, productions.show, productions.save),
        *form(f"{production}/delete", productions.delete),
        *page(f"{production}/distributions/new", distributions.new, distributions.create),
        *page(distribution, distributions.show, distributions.save),
        *form(f"{distribution}/delete", distributions.delete),
        *page(f"{production}/activations/new", activations.new, activations.create),
        *page(activation, activations.show, activations.save),
        *form(f"{activation}/move", activations.move),
        *form(f"{activation}/delete", activations.delete),
        *form(f"{activation}/{{verb}}", activations.act),
    ]
