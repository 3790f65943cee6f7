"""Routes of workspaces: projects, as this API calls them."""

from fastapi import APIRouter, Response
from typing_extensions import TypedDict

from playout.api.answer import Answer
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest
from playout.api.types import DateTimeOut, Id, UuidOut
from playout.api.videos.formats import document_only, time_out
from playout.api.videos.paging import ListOf, Page
from playout.core.projects import queries
from playout.core.projects.model import Project
from playout.core.unit import ReadUnit
from playout.kit.errors import NotFound

router = APIRouter(route_class=StrictRoute, tags=["workspaces"])


@document_only
class WorkspaceOut(TypedDict):
    """A project, as this API calls it."""

    id: int
    uid: UuidOut
    name: str
    slug: str
    created_at: DateTimeOut


@router.get("/workspaces/", response_model=ListOf[WorkspaceOut])
def list_workspaces(call: ApiRequest, page: Page) -> Response:
    """The projects that the caller may use."""

    def use(unit: ReadUnit) -> Answer:
        found = queries.visible(unit)
        shown = found[page.offset : page.offset + page.size]
        base_url = call.runtime.settings.base_url
        return Answer(page.of(shown, len(found), base_url, workspace_out))

    return call.answer_read(use)


@router.get("/workspaces/{workspace_id}/", response_model=WorkspaceOut)
def retrieve_workspace(workspace_id: Id, call: ApiRequest) -> Response:
    """One project."""

    def use(unit: ReadUnit) -> Answer:
        project = queries.by_id(unit, workspace_id)
        if project is None:
            raise NotFound("There is no such workspace.")
        return Answer(workspace_out(project))

    return call.answer_read(use)


def workspace_out(project: Project) -> WorkspaceOut:
    return {
        "id": project.id,
        "uid": str(project.uid),
        "name": project.name,
        "slug": project.slug,
        "created_at": time_out(project.created_at),
    }
