"""The routes of the Publications API."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from playout.api.answer import Answer
from playout.api.etags import IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.publications.answers import (
    CompletedOut,
    Edited,
    Published,
    Revoked,
    completed_out,
    named,
    publication_out,
    session_out,
)
from playout.api.publications.fields import SessionId
from playout.api.publications.wire import (
    FieldsBody,
    FieldsIn,
    PublicationBody,
    SessionBody,
)
from playout.api.request import ApiRequest, OpenRequest
from playout.core.media import queries as assets
from playout.core.publications import service
from playout.core.publications.model import Wanted
from playout.core.publications.service import Outcome
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import service as videos

router = APIRouter(route_class=StrictRoute, tags=["publications"])
SESSION = "/publications/session/{session_id}"
LIST_LIMIT = 500


@router.post("/publications/publish", response_model=Published, openapi_extra=IF_MATCH_AND_ETAG)
def publish(body: PublicationBody, call: ApiRequest) -> Response:
    """Bring a completed session out in the public feed, or update its publication."""
    return _publish(call, body.to_wanted(body.session_id))


@router.post("/publications/edit", response_model=Edited, openapi_extra=IF_MATCH_AND_ETAG)
def edit(body: PublicationBody, call: ApiRequest) -> Response:
    """Change a publication; what is left out keeps its value."""
    return _edit(call, body.to_wanted(body.session_id))


@router.post("/publications/revoke", response_model=Revoked, openapi_extra=IF_MATCH)
def revoke(body: SessionBody, call: ApiRequest) -> Response:
    """Take a session's publication out of the feed and everywhere else."""
    return _revoke(call, body.session_id)


@router.post(SESSION, response_model=Published, openapi_extra=IF_MATCH_AND_ETAG)
def publish_session(
    session_id: SessionId, call: ApiRequest, body: FieldsBody | None = None
) -> Response:
    """`publish`, with the session in the address."""
    return _publish(call, (body or FieldsIn()).to_wanted(session_id))


@router.patch(SESSION, response_model=Edited, openapi_extra=IF_MATCH_AND_ETAG)
def edit_session(
    session_id: SessionId, call: ApiRequest, body: FieldsBody | None = None
) -> Response:
    """`edit`, with the session in the address."""
    return _edit(call, (body or FieldsIn()).to_wanted(session_id))


@router.delete(SESSION, response_model=Revoked, openapi_extra=IF_MATCH)
def revoke_session(session_id: SessionId, call: ApiRequest) -> Response:
    """`revoke`, with the session in the address."""
    return _revoke(call, session_id)


@router.get("/video/list_completed_video_sessions", response_model=list[CompletedOut])
def list_completed(
    call: ApiRequest, limit: Annotated[int, Query(ge=1, le=LIST_LIMIT)] = LIST_LIMIT
) -> Response:
    """The caller's sessions that have a final video, newest first."""

    def use(unit: ReadUnit) -> Answer:
        found = videos.completed(unit, limit)
        known = assets.by_ids(unit, {video.asset_id for video in found if video.asset_id})
        playback, now = call.runtime.playback, unit.now
        return Answer(
            [completed_out(each, known.get(each.asset_id), playback, now) for each in found]
        )

    return call.answer_read(use)


def _publish(call: OpenRequest, wanted: Wanted) -> Response:
    def use(unit: WriteUnit) -> Answer:
        outcome = service.publish(unit, wanted)
        out: Published = {"created": outcome.created, **_outcome(call, unit, outcome)}
        return Answer(out, etag=outcome.video.etag)

    return call.answer_write(use)


def _edit(call: OpenRequest, wanted: Wanted) -> Response:
    def use(unit: WriteUnit) -> Answer:
        outcome = service.edit(unit, wanted)
        return Answer(_outcome(call, unit, outcome), etag=outcome.video.etag)

    return call.answer_write(use)


def _revoke(call: OpenRequest, session_id: str) -> Response:
    def use(unit: WriteUnit) -> Answer:
        publication_id, video = service.revoke(unit, session_id)
        out: Revoked = {
            "revoked": True,
            "publication_id": publication_id,
            "session": session_out(video, None, None),
            **named(video),
        }
        return Answer(out)

    return call.answer_write(use)


def _outcome(call: OpenRequest, unit: ReadUnit, outcome: Outcome) -> Edited:
    video, publication = outcome.video, outcome.publication
    known = assets.by_ids(unit, {video.asset_id} if video.asset_id else set())
    out = publication_out(
        publication, video, known.get(video.asset_id), call.runtime.playback, unit.now
    )
    return {
        "publication_id": publication.id,
        "publication": out,
        "session": session_out(video, publication, out["video_url"]),
        **named(video),
    }
