"""Routes of callers: who a credential belongs to."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from playout.api.answer import Answer
from playout.api.authentication import VERIFICATION_PATH, credential_of
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.publications.schemas.callers import CallerOut, caller_out
from playout.core.unit import ReadUnit

router = APIRouter(route_class=StrictRoute, tags=["sessions"])
Token = Annotated[str | None, Query(description="The credential, if no header has it")]


@router.get(VERIFICATION_PATH)
@endpoint
def verify_token(
    request: Request,
    unit: ReadUnit,
    authToken: Token = None,  # noqa: ARG001  for the document; the middleware reads it
    loginToken: Token = None,  # noqa: ARG001
) -> Answer[CallerOut]:
    """Return whose credential it is. The answer to one that is not valid is a 401."""
    return Answer(
        caller_out(unit.principal, credential_of(request.scope)),
        headers={"Cache-Control": "no-store"},
    )
