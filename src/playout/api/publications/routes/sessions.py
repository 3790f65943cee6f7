"""Routes of sessions. The session is named in the address."""

from typing import Annotated

from fastapi import APIRouter, Query

from playout.api.answer import Answer, kept
from playout.api.endpoint import endpoint
from playout.api.etags import IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.publications.schemas.publications import (
    EditOut,
    FieldsBody,
    FieldsIn,
    PublishOut,
    RevokeOut,
    edit_out,
    publish_out,
    revoke_out,
)
from playout.api.publications.schemas.sessions import CompletedSessionOut, completed_sessions_out
from playout.api.publications.schemas.types import SessionId
from playout.api.request import ApiRuntime
from playout.core.publications import service
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import service as videos

router = APIRouter(route_class=StrictRoute, tags=["publications"])
SESSION = "/publications/session/{session_id}"
MAX_SESSIONS = 500


@router.post(SESSION, openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def publish_session(
    session_id: SessionId,
    unit: WriteUnit,
    runtime: ApiRuntime,
    body: FieldsBody | None = None,
) -> Answer[PublishOut]:
    """Publish a session, as `publish` does."""
    result = service.publish(unit, (body or FieldsIn()).to_input(session_id))
    return Answer(publish_out(unit, result, runtime.playback), etag=result.video.etag)


@router.patch(SESSION, openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def edit_session(
    session_id: SessionId,
    unit: WriteUnit,
    runtime: ApiRuntime,
    body: FieldsBody | None = None,
) -> Answer[EditOut]:
    """Edit the publication of a session, as `edit` does."""
    result = service.edit(unit, (body or FieldsIn()).to_input(session_id))
    return Answer(edit_out(unit, result, runtime.playback), etag=result.video.etag)


@router.delete(SESSION, openapi_extra=IF_MATCH)
@endpoint
def revoke_session(session_id: SessionId, unit: WriteUnit) -> Answer[RevokeOut]:
    """Revoke the publication of a session, as `revoke` does."""
    publication_id, video = service.revoke(unit, session_id)
    return Answer(revoke_out(publication_id, video))


@router.get("/video/list_completed_video_sessions")
@endpoint
def list_completed(
    unit: ReadUnit,
    runtime: ApiRuntime,
    limit: Annotated[int, Query(ge=1, le=MAX_SESSIONS)] = MAX_SESSIONS,
) -> Answer[list[CompletedSessionOut]]:
    """List the sessions of the caller that have a final video, newest first."""
    completed = videos.completed(unit, limit)
    return kept(Answer(completed_sessions_out(unit, completed, runtime.playback)))
