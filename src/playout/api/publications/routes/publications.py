"""Routes of publications. The session is named in the body."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.etags import IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.publications.schemas.publications import (
    EditOut,
    PublicationBody,
    PublishOut,
    RevokeOut,
    SessionBody,
    edit_out,
    publish_out,
    revoke_out,
)
from playout.api.request import ApiRuntime
from playout.core.publications import service
from playout.core.unit import WriteUnit

router = APIRouter(prefix="/publications", route_class=StrictRoute, tags=["publications"])


@router.post("/publish", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def publish(body: PublicationBody, unit: WriteUnit, runtime: ApiRuntime) -> Answer[PublishOut]:
    """Publish a completed session in the public feed, or update its publication."""
    result = service.publish(unit, body.to_input(body.session_id))
    return Answer(publish_out(unit, result, runtime.playback), etag=result.video.etag)


@router.post("/edit", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def edit(body: PublicationBody, unit: WriteUnit, runtime: ApiRuntime) -> Answer[EditOut]:
    """Edit a publication. A field that is not sent keeps its value."""
    result = service.edit(unit, body.to_input(body.session_id))
    return Answer(edit_out(unit, result, runtime.playback), etag=result.video.etag)


@router.post("/revoke", openapi_extra=IF_MATCH)
@endpoint
def revoke(body: SessionBody, unit: WriteUnit) -> Answer[RevokeOut]:
    """Revoke a publication: remove the session from the feed and from every public page."""
    publication_id, video = service.revoke(unit, body.session_id)
    return Answer(revoke_out(publication_id, video))
