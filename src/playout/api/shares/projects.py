"""The routes of projects, and their JSON."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import StringConstraints, WithJsonSchema
from typing_extensions import TypedDict

from playout.api.answer import Answer
from playout.api.call import Call
from playout.api.etags import CHANGED, MADE, SHOWN
from playout.api.fields import VISIBLE, example
from playout.api.formats import Moment, Uid
from playout.api.json_body import StrictRoute
from playout.api.shares.fields import CamelIn, UidPath, time_out, uid
from playout.core.accounts import queries as accounts
from playout.core.projects import service
from playout.core.projects.model import NAME_LENGTH, Project, ProjectStatus
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(route_class=StrictRoute, tags=["projects"])
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LENGTH), VISIBLE
]
OPEN = {"enum": [ProjectStatus.DRAFT, ProjectStatus.ACTIVE], "type": "string"}
"""Archiving has an address of its own."""
Status = Annotated[ProjectStatus, WithJsonSchema(OPEN)]


class ProjectIn(CamelIn):
    """What a project is to be; a status that is left out stays."""

    model_config = example(name="Spring campaign", status="Active")

    name: Name
    status: Status | None = None


class NewProjectIn(CamelIn):
    """Without an organization, a project of the caller's own."""

    model_config = example(name="Summer campaign")

    name: Name
    organization_id: UUID | None = None
    status: Status = ProjectStatus.ACTIVE


class ProjectOut(TypedDict):
    """A project."""

    id: Uid
    organizationId: Uid
    name: str
    slug: str
    status: ProjectStatus
    createdAt: Moment


@router.get("/Projects", response_model=list[ProjectOut])
def list_projects(
    call: Call, organization_id: Annotated[UUID | None, Query(alias="organizationId")] = None
) -> Response:
    """The projects that the caller may use, oldest first."""

    def use(unit: ReadUnit) -> Answer:
        return Answer(_out(unit, service.list_projects(unit, organization_id)))

    return call.show(use)


@router.post("/Projects", status_code=201, response_model=ProjectOut, openapi_extra=MADE)
def create_project(body: NewProjectIn, call: Call) -> Response:
    """Open a project; its slug, unique in the organization, comes from its name."""

    def use(unit: WriteUnit) -> Answer:
        where = service.get_organization(unit, body.organization_id)
        project = service.create(unit, where, body.name, body.status)
        return _one(unit, project, 201)

    return call.answer(use)


@router.get("/Projects/{project_id}", response_model=ProjectOut, openapi_extra=SHOWN)
def show_project(project_id: UidPath, call: Call) -> Response:
    """One project."""

    def use(unit: ReadUnit) -> Answer:
        return _one(unit, service.get(unit, uid(project_id)))

    return call.show(use)


@router.put("/Projects/{project_id}", response_model=ProjectOut, openapi_extra=CHANGED)
def update_project(project_id: UidPath, body: ProjectIn, call: Call) -> Response:
    """Rename a project or change its status; a status that is left out stays."""

    def use(unit: WriteUnit) -> Answer:
        project = service.update(unit, uid(project_id), body.name, body.status)
        return _one(unit, project)

    return call.answer(use)


@router.post("/Projects/{project_id}/archive", response_model=ProjectOut, openapi_extra=CHANGED)
def archive_project(project_id: UidPath, call: Call) -> Response:
    """Put a project away: its shares stop serving at once."""

    def use(unit: WriteUnit) -> Answer:
        return _one(unit, service.archive(unit, uid(project_id)))

    return call.answer(use)


def _one(unit: ReadUnit, project: Project, status: int = 200) -> Answer:
    return Answer(_out(unit, [project])[0], status, project.etag)


def _out(unit: ReadUnit, projects: Sequence[Project]) -> list[ProjectOut]:
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
