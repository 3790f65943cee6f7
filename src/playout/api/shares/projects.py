"""The routes of projects, and their JSON."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import StringConstraints

from playout.api.answer import Answer
from playout.api.body import StrictRoute
from playout.api.call import Call
from playout.api.shares.fields import CamelIn, Json, time_out, uid
from playout.core.accounts import queries as accounts
from playout.core.projects import service
from playout.core.projects.model import NAME_LENGTH, Project, ProjectStatus
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(route_class=StrictRoute, tags=["projects"])
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LENGTH)
]


class ProjectIn(CamelIn):
    name: Name
    status: ProjectStatus | None = None


class NewProjectIn(CamelIn):
    """Without an organisation, a project of the caller's own."""

    name: Name
    organization_id: UUID | None = None
    status: ProjectStatus = ProjectStatus.ACTIVE


@router.get("/Projects")
def list_projects(
    call: Call, organization_id: Annotated[UUID | None, Query(alias="organizationId")] = None
) -> Response:
    """The projects that the caller may use, oldest first."""

    def use(unit: ReadUnit) -> Answer:
        return Answer(_out(unit, service.listed(unit, organization_id)))

    return call.show(use)


@router.post("/Projects", status_code=201)
def create(body: NewProjectIn, call: Call) -> Response:
    """Open a project; its slug, unique in the organisation, comes from its name."""

    def use(unit: WriteUnit) -> Answer:
        where = service.organization(unit, body.organization_id)
        project = service.create(unit, where, body.name, body.status)
        return Answer(_out(unit, [project])[0], 201)

    return call.answer(use)


@router.get("/Projects/{project_id}")
def retrieve(project_id: str, call: Call) -> Response:
    """One project."""

    def use(unit: ReadUnit) -> Answer:
        return Answer(_out(unit, [service.get(unit, uid(project_id))])[0])

    return call.show(use)


@router.put("/Projects/{project_id}")
def update(project_id: str, body: ProjectIn, call: Call) -> Response:
    """Rename a project or change its status; a status that is left out stays."""

    def use(unit: WriteUnit) -> Answer:
        project = service.update(unit, uid(project_id), body.name, body.status)
        return Answer(_out(unit, [project])[0])

    return call.answer(use)


@router.post("/Projects/{project_id}/archive")
def archive(project_id: str, call: Call) -> Response:
    """Put a project away: its shares stop serving at once."""

    def use(unit: WriteUnit) -> Answer:
        return Answer(_out(unit, [service.archive(unit, uid(project_id))])[0])

    return call.answer(use)


def _out(unit: ReadUnit, projects: Sequence[Project]) -> list[Json]:
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
