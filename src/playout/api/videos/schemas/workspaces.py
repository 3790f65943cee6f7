"""The JSON of workspaces, as this API calls projects."""

from typing_extensions import TypedDict

from playout.api.types import DateTimeOut, UuidOut
from playout.api.videos.schemas.types import document_only, time_out
from playout.core.projects.model import Project


@document_only
class WorkspaceOut(TypedDict):
    """A container of videos. The other APIs call it a project."""

    id: int
    uid: UuidOut
    name: str
    slug: str
    created_at: DateTimeOut


def workspace_out(project: Project) -> WorkspaceOut:
    """Return the JSON of a project."""
    return {
        "id": project.id,
        "uid": str(project.uid),
        "name": project.name,
        "slug": project.slug,
        "created_at": time_out(project.created_at),
    }
