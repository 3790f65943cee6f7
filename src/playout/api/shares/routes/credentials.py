"""Routes of render credentials."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRuntime
from playout.api.shares.schemas.credentials import (
    CredentialIn,
    CredentialOut,
    NewCredentialOut,
    credential_out,
)
from playout.api.shares.schemas.types import UuidPath, parse_uuid
from playout.core.shares import credentials
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(prefix="/credentials", route_class=StrictRoute, tags=["credentials"])


@router.get("")
@endpoint
def list_credentials(
    project_id: Annotated[UUID, Query(alias="projectId")], unit: ReadUnit
) -> Answer[list[CredentialOut]]:
    """List the credentials of a project, newest first, without their secrets."""
    project, found = credentials.list_credentials(unit, project_id)
    return Answer([credential_out(each, project) for each in found])


@router.post("", status_code=201, response_model=NewCredentialOut)
@endpoint
def create_credential(
    body: CredentialIn, unit: WriteUnit, runtime: ApiRuntime
) -> Answer[CredentialOut]:
    """Create a credential. Its secret is in this answer, and is never shown again."""
    project, credential, secret = credentials.create(
        unit, runtime.signer, body.project_id, body.name
    )
    return Answer(credential_out(credential, project), shown_once={"apiSecret": secret})


@router.post("/{credential_id}/revoke")
@endpoint
def revoke_credential(credential_id: UuidPath, unit: WriteUnit) -> Answer[CredentialOut]:
    """Revoke a credential. Landing pages that refer to it stop serving."""
    project, credential = credentials.revoke(unit, parse_uuid(credential_id, "credential"))
    return Answer(credential_out(credential, project))
