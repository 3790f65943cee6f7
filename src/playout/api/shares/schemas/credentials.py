"""The JSON of render credentials."""

from typing import Annotated, Literal, NotRequired
from uuid import UUID

from pydantic import StringConstraints
from typing_extensions import TypedDict

from playout.api.shares.schemas.types import CamelIn, Optional, optional_time_out, time_out
from playout.api.types import NFC, DateTimeOut, UuidOut, example
from playout.core.accounts.model import RenderCredential
from playout.core.projects.model import Project
from playout.core.shares.credentials import NAME_LENGTH

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=NAME_LENGTH), NFC]


class CredentialIn(CamelIn):
    """A credential to create. `name` is a label."""

    model_config = example(
        projectId="0199d5b2-7c40-7e1a-9a55-3f1c6b7d2e90", name="Production landing page"
    )

    project_id: UUID
    name: Optional[Name] = None


class CredentialOut(TypedDict):
    """A credential without its secret."""

    id: UuidOut
    projectId: UuidOut
    apiKey: str
    name: str | None
    createdAt: DateTimeOut
    lastUsedAt: DateTimeOut | None
    status: Literal["active", "revoked"]


class NewCredentialOut(CredentialOut):
    """A new credential. Only this answer has its secret; a replay of it does not."""

    apiSecret: NotRequired[str]


def credential_out(credential: RenderCredential, project: Project) -> CredentialOut:
    """Return the JSON of a credential."""
    return {
        "id": str(credential.id),
        "projectId": str(project.uid),
        "apiKey": credential.api_key,
        "name": credential.name,
        "createdAt": time_out(credential.created_at),
        "lastUsedAt": optional_time_out(credential.last_used_at),
        "status": "active" if credential.revoked_at is None else "revoked",
    }
