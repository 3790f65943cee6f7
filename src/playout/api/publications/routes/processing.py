"""Routes of the processing of sessions: follow, cancel, join. They answer below `/v2`, too."""

from typing import Annotated

from fastapi import APIRouter, Query

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.etags import IF_MATCH
from playout.api.json_body import StrictRoute
from playout.api.publications.schemas.aliases import OrNested
from playout.api.publications.schemas.processing import (
    CancelIn,
    CancelOut,
    JoinIn,
    LatestVersionOut,
    RequestOut,
    SessionStatusOut,
    latest_version_out,
    request_out,
    session_status_out,
)
from playout.api.publications.schemas.types import SessionId
from playout.api.request import ApiRuntime
from playout.core.media import queries as assets
from playout.core.playback.playback import Playback, PlaybackUrls
from playout.core.processing import assembly, control
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import sessions
from playout.core.videos.model import Video

router = APIRouter(route_class=StrictRoute, tags=["sessions"])
CancelBody = Annotated[CancelIn, OrNested()]
JoinBody = Annotated[JoinIn, OrNested()]


@router.get("/status")
@endpoint
def session_status(
    request_id: Annotated[SessionId, Query(description="The id of the session")],
    unit: ReadUnit,
    runtime: ApiRuntime,
) -> Answer[SessionStatusOut]:
    """Return how far the processing of a session is, and its final video once it has one."""
    video = sessions.get(unit, request_id)
    return Answer(session_status_out(video, _addresses(unit, video, runtime.playback)))


@router.get("/video/fetch_latest_version")
@endpoint
def fetch_latest_version(
    session_id: Annotated[SessionId, Query()], unit: ReadUnit, runtime: ApiRuntime
) -> Answer[LatestVersionOut]:
    """Return the final video of a session."""
    video = sessions.get(unit, session_id)
    return Answer(latest_version_out(video, _addresses(unit, video, runtime.playback)))


@router.post("/cancel_render", name="v2_cancel_render", openapi_extra=IF_MATCH)
@router.post("/video/cancel_render", openapi_extra=IF_MATCH)
@endpoint
def cancel_render(body: CancelBody, unit: WriteUnit) -> Answer[CancelOut]:
    """Cancel the processing of a session. What plays already plays on.

    The answer is a 409 when there is nothing to cancel.
    """
    video = control.cancel(unit, sessions.get(unit, body.session_id).id)
    return Answer({**request_out(video), "cancelled": True})


@router.post("/join_videos", name="v2_join_videos")
@router.post("/video/join_videos")
@endpoint
def join_videos(body: JoinBody, unit: WriteUnit) -> Answer[RequestOut]:
    """Create a session whose video is those of other sessions, one after the other."""
    return Answer(request_out(assembly.join(unit, body.session_ids)))


def _addresses(unit: ReadUnit, video: Video, playback: Playback) -> PlaybackUrls:
    found = assets.by_ids(unit, {video.asset_id} if video.asset_id else set())
    asset = found.get(video.asset_id)
    return playback.urls(video, asset, unit.now, viewer=unit.principal)
