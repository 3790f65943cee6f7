"""Routes of projects."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from playout.api.answer import Answer, kept
from playout.api.endpoint import endpoint
from playout.api.etags import ETAG, ETAG_OR_304, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.shares.schemas.projects import ProjectIn, ProjectOut, ProjectPut, projects_out
from playout.api.shares.schemas.types import UuidPath, parse_uuid
from playout.core.projects import service
from playout.core.projects.model import Project
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(prefix="/Projects", route_class=StrictRoute, tags=["projects"])


@router.get("")
@endpoint
def list_projects(
    unit: ReadUnit, organization_id: Annotated[UUID | None, Query(alias="organizationId")] = None
) -> Answer[list[ProjectOut]]:
    """List the projects that the credential may use, oldest first."""
    return kept(Answer(projects_out(unit, service.list_projects(unit, organization_id))))


@router.post("", status_code=201, openapi_extra=ETAG)
@endpoint
def create_project(body: ProjectIn, unit: WriteUnit) -> Answer[ProjectOut]:
    """Create a project. Its slug is made from its name and unique in the organization."""
    organization = service.get_organization(unit, body.organization_id)
    return _answer(unit, service.create(unit, organization, body.name, body.status))


@router.get("/{project_id}", openapi_extra=ETAG_OR_304)
@endpoint
def show_project(project_id: UuidPath, unit: ReadUnit) -> Answer[ProjectOut]:
    """Return one project."""
    return kept(_answer(unit, service.get(unit, parse_uuid(project_id))))


@router.put("/{project_id}", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def update_project(project_id: UuidPath, body: ProjectPut, unit: WriteUnit) -> Answer[ProjectOut]:
    """Rename a project or change its status. A status that is left out stays unchanged."""
    return _answer(unit, service.update(unit, parse_uuid(project_id), body.name, body.status))


@router.post("/{project_id}/archive", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def archive_project(project_id: UuidPath, unit: WriteUnit) -> Answer[ProjectOut]:
    """Archive a project. Its landing pages stop serving at once."""
    return _answer(unit, service.archive(unit, parse_uuid(project_id)))


def _answer(unit: ReadUnit, project: Project) -> Answer[ProjectOut]:
    return Answer(projects_out(unit, [project])[0], etag=project.etag)
