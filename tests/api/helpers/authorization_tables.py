"""The tables of all four APIs as one."""

from typing import Any

from tests.api.helpers import (
    authorization_productions,
    authorization_publications,
    authorization_shares,
    authorization_uploads,
    authorization_videos,
)
from tests.api.helpers.authorization import ANOTHER, CALLERS, Table
from tests.api.helpers.things import filled

RULES: Table = {
    **authorization_publications.RULES,
    **authorization_videos.RULES,
    **authorization_uploads.RULES,
    **authorization_shares.RULES,
    **authorization_productions.RULES,
}
WITH_BODY = tuple(route for route, rule in RULES.items() if rule.body is not None)


def callers(route: tuple[str, str], *, let_in: bool) -> list[str]:
    """The callers that a route lets in, or those that it keeps out.

    What another organization is let into is its own: ours stays as it is.
    """
    rule = RULES[route]
    allowed = {each for each in CALLERS if rule.status(each) < 400 and each != ANOTHER}
    return [each for each in CALLERS if (each in allowed) is let_in]


def call(web, route: tuple[str, str], things: Any, headers: dict[str, str]):
    """What the route answers to a request that names these things."""
    method, raw, said = route[0], RULES[route].raw, RULES[route].headers
    address, body = named_by(route, things)
    return web.request(method, address, json=body, content=raw, headers={**headers, **said})


def named_by(route: tuple[str, str], things: Any) -> tuple[str, Any]:
    """The address and the body of a request that names these things; what is not there is made."""
    rule = RULES[route]
    return (rule.address or route[1]).format_map(things), filled(rule.body, things)
