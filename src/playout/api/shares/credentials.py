"""The routes of render credentials, and their JSON."""

from typing import Annotated, Literal, NotRequired
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import StringConstraints
from typing_extensions import TypedDict

from playout.api.answer import Answer
from playout.api.call import Call
from playout.api.fields import example
from playout.api.formats import Moment, Uid
from playout.api.json_body import StrictRoute
from playout.api.shares.fields import CamelIn, Optional, UidPath, maybe_time, time_out, uid
from playout.core.accounts.model import RenderCredential
from playout.core.projects.model import Project
from playout.core.shares import credentials
from playout.core.shares.credentials import NAME_LENGTH
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(route_class=StrictRoute, tags=["credentials"])
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=NAME_LENGTH)]


class CredentialIn(CamelIn):
    """What a credential is made for; `name` is for those who look at it."""

    model_config = example(
        projectId="0199d5b2-7c40-7e1a-9a55-3f1c6b7d2e90", name="Production landing page"
    )

    project_id: UUID
    name: Optional[Name] = None


class CredentialOut(TypedDict):
    """A credential, as far as it can be shown again."""

    id: Uid
    projectId: Uid
    apiKey: str
    name: str | None
    createdAt: Moment
    lastUsedAt: Moment | None
    status: Literal["active", "revoked"]


class NewCredentialOut(CredentialOut):
    """A credential with its secret, which is never shown again: a replay goes without."""

    apiSecret: NotRequired[str]


@router.get("/credentials", response_model=list[CredentialOut])
def list_credentials(call: Call, project_id: Annotated[UUID, Query(alias="projectId")]) -> Response:
    """The credentials of a project, newest first; never their secrets."""

    def use(unit: ReadUnit) -> Answer:
        project, found = credentials.list_credentials(unit, project_id)
        return Answer([_out(each, project) for each in found])

    return call.show(use)


@router.post("/credentials", status_code=201, response_model=NewCredentialOut)
def create_credential(body: CredentialIn, call: Call) -> Response:
    """Make a credential; its secret is in this answer and never again."""

    def use(unit: WriteUnit) -> Answer:
        signer = call.runtime.signer
        project, credential, secret = credentials.create(unit, signer, body.project_id, body.name)
        return Answer(_out(credential, project), 201, shown_once={"apiSecret": secret})

    return call.answer(use)


@router.post("/credentials/{credential_id}/revoke", response_model=CredentialOut)
def revoke_credential(credential_id: UidPath, call: Call) -> Response:
    """Stop a credential, and the landing pages that refer to it."""

    def use(unit: WriteUnit) -> Answer:
        project, credential = credentials.revoke(unit, uid(credential_id, "credential"))
        return Answer(_out(credential, project))

    return call.answer(use)


def _out(credential: RenderCredential, project: Project) -> CredentialOut:
    return {
        "id": str(credential.id),
        "projectId": str(project.uid),
        "apiKey": credential.api_key,
        "name": credential.name,
        "createdAt": time_out(credential.created_at),
        "lastUsedAt": maybe_time(credential.last_used_at),
        "status": "active" if credential.revoked_at is None else "revoked",
    }
