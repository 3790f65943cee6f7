"""The JSON of projects."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints, WithJsonSchema
from typing_extensions import TypedDict

from playout.api.shares.schemas.types import CamelIn, time_out
from playout.api.types import NFC, NOT_BLANK, DateTimeOut, UuidOut, example
from playout.core.accounts import queries as accounts
from playout.core.projects.model import NAME_LENGTH, Project, ProjectStatus
from playout.core.unit import ReadUnit

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LENGTH),
    NOT_BLANK,
    NFC,
]
Status = Annotated[
    ProjectStatus,
    # A project is archived through a route of its own.
    WithJsonSchema({"enum": [ProjectStatus.DRAFT, ProjectStatus.ACTIVE], "type": "string"}),
]


class ProjectPut(CamelIn):
    """The name and status of a project. A status that is left out stays unchanged."""

    model_config = example(name="Spring campaign", status="Active")

    name: Name
    status: Status | None = None


class ProjectIn(CamelIn):
    """A project to create. Without `organizationId` it belongs to the caller's organization."""

    model_config = example(name="Summer campaign")

    name: Name
    organization_id: UUID | None = None
    status: Status = ProjectStatus.ACTIVE


class ProjectOut(TypedDict):
    """A project."""

    id: UuidOut
    organizationId: UuidOut
    name: str
    slug: str
    status: ProjectStatus
    createdAt: DateTimeOut


def projects_out(unit: ReadUnit, projects: Sequence[Project]) -> list[ProjectOut]:
    """Return the JSON of projects. Their organizations are loaded in one query."""
    ids = {project.organization_id for project in projects}
    organizations = accounts.organizations_by_id(unit, ids)
    return [
        {
            "id": str(project.uid),
            "organizationId": str(organizations[project.organization_id].uid),
            "name": project.name,
            "slug": project.slug,
            "status": project.status,
            "createdAt": time_out(project.created_at),
        }
        for project in projects
    ]
