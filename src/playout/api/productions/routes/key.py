"""Route of the key."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import render_endpoint
from playout.api.json_body import StrictRoute
from playout.api.productions.schemas.key import KeyOut, key_out
from playout.core.accounts import queries as accounts
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit

router = APIRouter(route_class=StrictRoute, tags=["productions"])


@router.get("/key")
@render_endpoint
def show_key(unit: ReadUnit) -> Answer[KeyOut]:
    """Return the credential of the request. This is the only answer without an envelope."""
    return Answer(key_out(unit.principal, accounts.own_key(unit), projects.default_id(unit)))
