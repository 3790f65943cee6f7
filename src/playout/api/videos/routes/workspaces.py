"""Routes of workspaces, as this API calls projects."""

from fastapi import APIRouter

from playout.api.answer import Answer, kept
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.workspaces import WorkspaceOut, workspace_out
from playout.core.projects import queries
from playout.core.unit import ReadUnit
from playout.kit.errors import NotFound

router = APIRouter(prefix="/workspaces", route_class=StrictRoute, tags=["workspaces"])


@router.get("/")
@endpoint
def list_workspaces(unit: ReadUnit, page: Page) -> Answer[ListOf[WorkspaceOut]]:
    """List the workspaces that the caller may use, oldest first."""
    return kept(page.answer_slice(queries.visible(unit), workspace_out))


@router.get("/{workspace_id}/")
@endpoint
def retrieve_workspace(workspace_id: Id, unit: ReadUnit) -> Answer[WorkspaceOut]:
    """Return one workspace."""
    project = queries.by_id(unit, workspace_id)
    if project is None:
        raise NotFound("There is no such workspace.")
    return kept(Answer(workspace_out(project)))
