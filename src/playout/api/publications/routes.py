"""The routes of the Publications API."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from playout.api.answer import Answer
from playout.api.body import StrictRoute
from playout.api.call import Call, OneCall
from playout.api.publications.wire import (
    FieldsIn,
    Json,
    PublicationIn,
    SessionId,
    SessionIn,
    completed_out,
    publication_out,
    session_out,
)
from playout.core.media import queries as assets
from playout.core.media.model import Asset
from playout.core.publications import service
from playout.core.publications.model import Wanted
from playout.core.publications.service import Outcome
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import service as videos
from playout.core.videos.model import Video

router = APIRouter(route_class=StrictRoute, tags=["publications"])
LIST_LIMIT = 500


@router.post("/publications/publish")
def publish(body: PublicationIn, call: Call) -> Response:
    """Bring a completed session out in the public feed, or update its publication."""
    return _publish(call, body.to_wanted(body.session_id))


@router.post("/publications/edit")
def edit(body: PublicationIn, call: Call) -> Response:
    """Change a publication; what is left out keeps its value."""
    return _edit(call, body.to_wanted(body.session_id))


@router.post("/publications/revoke")
def revoke(body: SessionIn, call: Call) -> Response:
    """Take a session's publication out of the feed and everywhere else."""
    return _revoke(call, body.session_id)


@router.post("/publications/session/{session_id}")
def publish_session(session_id: SessionId, call: Call, body: FieldsIn | None = None) -> Response:
    """`publish`, with the session in the address."""
    return _publish(call, (body or FieldsIn()).to_wanted(session_id))


@router.patch("/publications/session/{session_id}")
def edit_session(session_id: SessionId, call: Call, body: FieldsIn | None = None) -> Response:
    """`edit`, with the session in the address."""
    return _edit(call, (body or FieldsIn()).to_wanted(session_id))


@router.delete("/publications/session/{session_id}")
def revoke_session(session_id: SessionId, call: Call) -> Response:
    """`revoke`, with the session in the address."""
    return _revoke(call, session_id)


@router.get("/video/list_completed_video_sessions")
def list_completed(
    call: Call, limit: Annotated[int, Query(ge=1, le=LIST_LIMIT)] = LIST_LIMIT
) -> list[Json]:
    """The caller's sessions that have a final video, newest first."""
    with call.read() as unit:
        found = videos.completed(unit, limit)
        known = assets.by_ids(unit, {video.asset_id for video in found if video.asset_id})
        playback = call.runtime.playback
        return [completed_out(video, _asset(known, video), playback, unit.now) for video in found]


def _publish(call: OneCall, wanted: Wanted) -> Response:
    def use(unit: WriteUnit) -> Answer:
        outcome = service.publish(unit, wanted)
        return Answer({"created": outcome.created} | _outcome(call, unit, outcome))

    return call.answer(use)


def _edit(call: OneCall, wanted: Wanted) -> Response:
    return call.answer(lambda unit: Answer(_outcome(call, unit, service.edit(unit, wanted))))


def _revoke(call: OneCall, session_id: str) -> Response:
    def use(unit: WriteUnit) -> Answer:
        publication_id, video = service.revoke(unit, session_id)
        session = session_out(video, None, None)
        return Answer(
            {
                "revoked": True,
                "publication_id": publication_id,
                "session": session,
                **_named(video),
            }
        )

    return call.answer(use)


def _outcome(call: OneCall, unit: ReadUnit, outcome: Outcome) -> Json:
    video, publication = outcome.video, outcome.publication
    known = assets.by_ids(unit, {video.asset_id} if video.asset_id else set())
    out = publication_out(publication, video, _asset(known, video), call.runtime.playback, unit.now)
    return {
        "publication_id": publication.id,
        "publication": out,
        "session": session_out(video, publication, out["video_url"]),
        **_named(video),
    }


def _asset(known: dict[Any, Asset], video: Video) -> Asset | None:
    return known.get(video.asset_id)


def _named(video: Video) -> Json:
    return {"session_id": video.session_id, "sessionId": video.session_id}
