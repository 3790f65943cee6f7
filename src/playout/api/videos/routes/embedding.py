"""Routes of the sites that may embed the videos of a workspace."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.etags import ETAG, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.types import Id
from playout.api.videos.schemas.embedding import EmbeddingIn, EmbeddingOut, embedding_out
from playout.core.projects import embedding
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(
    prefix="/workspaces/{workspace_id}/embedding", route_class=StrictRoute, tags=["workspaces"]
)


@router.get("/", openapi_extra=ETAG)
@endpoint
def retrieve_embedding(workspace_id: Id, unit: ReadUnit) -> Answer[EmbeddingOut]:
    """Return the sites that may embed the videos and landing pages of a workspace."""
    project = embedding.get(unit, workspace_id)
    return Answer(embedding_out(project), etag=project.sites_etag, can_be_unmodified=False)


@router.put("/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def set_embedding(workspace_id: Id, body: EmbeddingIn, unit: WriteUnit) -> Answer[EmbeddingOut]:
    """Set the sites that may embed the videos and landing pages of a workspace, at once.

    Without any, only pages of Playout's own host may.
    """
    project = embedding.set_sites(unit, workspace_id, body.sites)
    return Answer(embedding_out(project), etag=project.sites_etag)
