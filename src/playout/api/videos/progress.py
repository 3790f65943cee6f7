"""Routes of the work on a video: start it of sections, watch it, stop it, have it tried again."""

from collections.abc import Callable

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from playout.api.answer import Answer
from playout.api.etags import IF_MATCH_AND_ETAG
from playout.api.event_stream import (
    EVENT_STREAM_RESPONSES,
    MAX_SECONDS,
    EventStreamResponse,
    EventStreams,
    ServerSentEvent,
    StreamSeconds,
    StreamUpdate,
)
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest, OpenRequest
from playout.api.types import Id
from playout.api.videos import details
from playout.api.videos.wire import VideoDetail
from playout.core.processing import assembly as assembling
from playout.core.processing import control
from playout.core.processing.progress import Standing, standing
from playout.core.unit import WriteUnit
from playout.core.videos import service
from playout.core.videos.model import Status, Video

OFTEN = 0.5
"""Seconds between two looks at work that goes on: workers write down no more than that."""
SELDOM = 15.0

router = APIRouter(route_class=StrictRoute, tags=["videos"])


@router.get(
    "/videos/{video_id}/progress/",
    status_code=200,
    response_class=EventStreamResponse,
    responses=EVENT_STREAM_RESPONSES,
)
async def follow_progress(
    video_id: Id, call: ApiRequest, seconds: StreamSeconds = MAX_SECONDS
) -> Response:
    """How far the work on a video is, as server-sent events, until all of it is done.

    `data` is `{status, failure_reason, stage, progress, ladder, ladder_progress, renditions}`:
    `progress` in per cent until it plays, `ladder` what becomes of its renditions after that.
    """
    streams: EventStreams = call.http.app.state.streams
    key = await run_in_threadpool(_key, call, video_id)
    return await streams.open(call, Watcher(video_id).look, key, seconds)


class Watcher:
    """What one client has been told."""

    def __init__(self, video_id: int) -> None:
        self._video_id = video_id
        self._told: dict[str, object] | None = None

    def look(self, call: OpenRequest) -> StreamUpdate:
        with call.read() as unit:
            found = standing(unit, self._video_id)
            now = _out(found)
        messages = [ServerSentEvent(now)] if now != self._told else []
        self._told = now
        return StreamUpdate(
            messages, poll_after=OFTEN if found.is_working else SELDOM, is_last=_is_over(found)
        )


@router.post(
    "/videos/{video_id}/cancel/", response_model=VideoDetail, openapi_extra=IF_MATCH_AND_ETAG
)
def cancel_video(video_id: Id, call: ApiRequest) -> Response:
    """Stop what is being made of a video; what plays already plays on. Else a 409."""
    return _change(call, video_id, control.cancel)


@router.post(
    "/videos/{video_id}/retry/", response_model=VideoDetail, openapi_extra=IF_MATCH_AND_ETAG
)
def retry_video(video_id: Id, call: ApiRequest) -> Response:
    """Try again what failed or was cancelled, with the source that is there. Else a 409."""
    return _change(call, video_id, control.retry)


@router.post(
    "/videos/{video_id}/assemble/", response_model=VideoDetail, openapi_extra=IF_MATCH_AND_ETAG
)
def assemble_video(video_id: Id, call: ApiRequest) -> Response:
    """Make the video of the files of its sections, in order. A 409 when no section has a file."""
    return _change(call, video_id, assembling.assemble)


def _key(call: OpenRequest, video_id: int) -> str:
    """What is announced under this is news of the video."""
    with call.read() as unit:
        return service.get(unit, video_id).cache_key


def _is_over(found: Standing) -> bool:
    return not found.is_working and found.video.status is not Status.NOT_STARTED


def _out(found: Standing) -> dict[str, object]:
    playing = found.playing
    return {
        "status": found.video.status,
        "failure_reason": found.video.failure_reason,
        "stage": found.stage,
        "progress": found.progress,
        "ladder": found.ladder,
        "ladder_progress": playing.ladder_progress if playing else 0,
        "renditions": found.renditions,
    }


def _change(
    call: OpenRequest, video_id: int, use_case: Callable[[WriteUnit, int], Video]
) -> Response:
    def use(unit: WriteUnit) -> Answer:
        video = use_case(unit, video_id)
        return Answer(details.out(call, unit, video), etag=video.etag)

    return call.answer_write(use)
