"""Use cases of render credentials: list, create, revoke."""

from uuid import UUID

from playout.core.accounts.credentials import RENDER_KEY, RENDER_SECRET
from playout.core.accounts.model import RenderCredential
from playout.core.accounts.service import KEY_PURPOSE
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.projects.model import Project
from playout.core.shares import queries
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit import signing
from playout.kit.errors import require_found
from playout.kit.signing import Signer

NAME_LENGTH = 255


def list_credentials(unit: ReadUnit, project_uid: UUID) -> tuple[Project, list[RenderCredential]]:
    """Return a project and its credentials, newest first, including revoked ones."""
    unit.principal.require(Permission.CREDENTIALS_WRITE)
    project = projects.get(unit, project_uid)
    return project, queries.credentials(unit, project)


def create(
    unit: WriteUnit, signer: Signer, project_uid: UUID, name: str | None
) -> tuple[Project, RenderCredential, str]:
    """Create a credential. Return it with its secret, which cannot be read again.

    Raise `NotFound` for the project, and `Conflict` when it is archived.
    """
    unit.principal.require(Permission.CREDENTIALS_WRITE)
    project = projects.get_for_update(unit, project_uid)
    projects.check_not_archived(project)
    key, secret = _mint(RENDER_KEY), _mint(RENDER_SECRET)
    credential = RenderCredential(
        organization_id=project.organization_id,
        project_id=project.id,
        api_key=key,
        digest=signer.digest(KEY_PURPOSE, f"{key}:{secret}"),
        name=name,
        created_at=unit.now,
        created_by=unit.principal.name,
    )
    unit.session.add(credential)
    unit.session.flush()
    changes = {"name": [None, name], "api_key": [None, key]}
    unit.record("credential.created", credential, changes)
    return project, credential, secret


def revoke(unit: WriteUnit, credential_id: UUID) -> tuple[Project, RenderCredential]:
    """Revoke a credential. Doing it again changes nothing. Raise `NotFound`.

    Within a second, every process refuses it and stops the shares that refer to it.
    """
    unit.principal.require(Permission.CREDENTIALS_WRITE)
    credential = require_found(queries.credential_for_update(unit, credential_id), "credential")
    project = projects.get_by_id(unit, credential.project_id)
    if credential.revoked_at is None:
        credential.revoked_at = unit.now
        unit.record("credential.revoked", credential, {"status": ["active", "revoked"]})
    return project, credential


def _mint(prefix: str) -> str:
    return signing.mint(prefix.rstrip("_"), "_")
