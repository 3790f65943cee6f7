"""The tables of all four APIs as one."""

from typing import Any

import pytest

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


CASES = [
    # What another organization is let into is its own: ours stays as it is.
    (route, caller, rule.status(caller) < 400 and caller != ANOTHER)
    for route, rule in RULES.items()
    for caller in CALLERS
]


def cases(let_in: bool):
    """Routes with the callers that they let in, or with those that they keep out."""
    return [
        pytest.param(route, caller, id=f"{' '.join(route)}, {caller}")
        for route, caller, allowed in CASES
        if allowed is let_in
    ]


def call(web, route: tuple[str, str], things: Any, headers: dict[str, str]):
    """What the route answers to a request that names these things."""
    method, raw, said = route[0], RULES[route].raw, RULES[route].headers
    address, body = named_by(route, things)
    return web.request(method, address, json=body, content=raw, headers={**headers, **said})


def named_by(route: tuple[str, str], things: Any) -> tuple[str, Any]:
    """The address and the body of a request that names these things; what is not there is made."""
    rule = RULES[route]
    return (rule.address or route[1]).format_map(things), filled(rule.body, things)
