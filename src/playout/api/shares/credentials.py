"""The routes of render credentials, and their JSON."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import StringConstraints

from playout.api.answer import Answer
from playout.api.body import StrictRoute
from playout.api.call import Call
from playout.api.shares.fields import CamelIn, Json, Optional, time_out, uid
from playout.core.accounts.model import RenderCredential
from playout.core.projects.model import Project
from playout.core.shares import credentials
from playout.core.shares.credentials import NAME_LENGTH
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(route_class=StrictRoute, tags=["credentials"])
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=NAME_LENGTH)]


class CredentialIn(CamelIn):
    project_id: UUID
    name: Optional[Name] = None


@router.get("/credentials")
def list_credentials(call: Call, project_id: Annotated[UUID, Query(alias="projectId")]) -> Response:
    """The credentials of a project, newest first; never their secrets."""

    def use(unit: ReadUnit) -> Answer:
        project, found = credentials.listed(unit, project_id)
        return Answer([_out(each, project) for each in found])

    return call.show(use)


@router.post("/credentials", status_code=201)
def create(body: CredentialIn, call: Call) -> Response:
    """Make a credential; its secret is in this answer and never again."""

    def use(unit: WriteUnit) -> Answer:
        signer = call.runtime.signer
        project, credential, secret = credentials.create(unit, signer, body.project_id, body.name)
        return Answer(_out(credential, project), 201, shown_once={"apiSecret": secret})

    return call.answer(use)


@router.post("/credentials/{credential_id}/revoke")
def revoke(credential_id: str, call: Call) -> Response:
    """Stop a credential, and the landing pages that refer to it."""

    def use(unit: WriteUnit) -> Answer:
        project, credential = credentials.revoke(unit, uid(credential_id, "credential"))
        return Answer(_out(credential, project))

    return call.answer(use)


def _out(credential: RenderCredential, project: Project) -> Json:
    return {
        "id": str(credential.id),
        "projectId": str(project.uid),
        "apiKey": credential.api_key,
        "name": credential.name,
        "createdAt": time_out(credential.created_at),
        "lastUsedAt": time_out(credential.last_used_at),
        "status": "active" if credential.revoked_at is None else "revoked",
    }
