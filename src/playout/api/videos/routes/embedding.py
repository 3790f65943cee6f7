"""Routes of the sites that may embed the videos of a workspace."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.types import Id
from playout.api.videos.schemas.embedding import EmbeddingIn, EmbeddingOut, embedding_out
from playout.core.projects import embedding
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(
    prefix="/workspaces/{workspace_id}/embedding", route_class=StrictRoute, tags=["workspaces"]
)


@router.get("/")
@endpoint
def retrieve_embedding(workspace_id: Id, unit: ReadUnit) -> Answer[EmbeddingOut]:
    """Return the sites that may embed the videos and landing pages of a workspace."""
    return Answer(embedding_out(embedding.get(unit, workspace_id)))


@router.put("/")
@endpoint
def set_embedding(workspace_id: Id, body: EmbeddingIn, unit: WriteUnit) -> Answer[EmbeddingOut]:
    """Set the sites that may embed the videos and landing pages of a workspace, at once.

    Without any, only pages of Playout's own host may.
    """
    return Answer(embedding_out(embedding.set_sites(unit, workspace_id, body.sites)))
