"""Routes of the processing of a video: follow, assemble, cancel, retry."""

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
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
from playout.api.request import ApiRequest, ApiRuntime, OpenRequest
from playout.api.types import Id
from playout.api.videos.schemas.processing import ProgressOut, progress_out
from playout.api.videos.schemas.videos import VideoOut, video_answer
from playout.core.processing import assembly, control
from playout.core.processing.progress import ProcessingStatus, processing_status
from playout.core.unit import WriteUnit
from playout.core.videos import service
from playout.core.videos.model import Status

router = APIRouter(prefix="/videos/{video_id}", route_class=StrictRoute, tags=["videos"])

WORKING_INTERVAL = 0.5
"""Seconds until the stream reads again during processing. Workers write no more often."""
IDLE_INTERVAL = 15.0


@router.get(
    "/progress/",
    status_code=200,
    response_class=EventStreamResponse,
    responses=EVENT_STREAM_RESPONSES,
)
async def follow_progress(
    video_id: Id, request: ApiRequest, seconds: StreamSeconds = MAX_SECONDS
) -> Response:
    """Stream the progress of the processing of a video, as server-sent events, until it ends.

    `data` is `{status, failure_reason, stage, progress, ladder, ladder_progress, renditions}`.
    `progress` is the percentage until the video plays. `ladder` and `ladder_progress` are about
    the renditions that are encoded after that.
    """
    key = await run_in_threadpool(_cache_key, request, video_id)
    streams: EventStreams = request.http.app.state.streams
    return await streams.open(request, ProgressReader(video_id).read, key, seconds)


@router.post("/cancel/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def cancel_video(video_id: Id, unit: WriteUnit, runtime: ApiRuntime) -> Answer[VideoOut]:
    """Cancel the processing of a video.

    What plays already plays on, and renditions that are complete stay. The answer is a 409 when
    there is nothing to cancel.
    """
    return video_answer(unit, runtime.playback, control.cancel(unit, video_id))


@router.post("/retry/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def retry_video(video_id: Id, unit: WriteUnit, runtime: ApiRuntime) -> Answer[VideoOut]:
    """Retry processing that failed or was cancelled, with the source that Playout has.

    The answer is a 409 when there is nothing to retry.
    """
    return video_answer(unit, runtime.playback, control.retry(unit, video_id))


@router.post("/assemble/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def assemble_video(video_id: Id, unit: WriteUnit, runtime: ApiRuntime) -> Answer[VideoOut]:
    """Join the files of the sections of a video, in order, to its source.

    The answer is a 409 when no section has a file.
    """
    return video_answer(unit, runtime.playback, assembly.assemble(unit, video_id))


class ProgressReader:
    """The last message of one progress stream."""

    def __init__(self, video_id: int) -> None:
        self._video_id = video_id
        self._last: ProgressOut | None = None

    def read(self, request: OpenRequest) -> StreamUpdate:
        """Return the progress when it differs from the last message.

        Raise `NotFound` when the caller may not see the video.
        """
        with request.read() as unit:
            progress = processing_status(unit, self._video_id)
            message = progress_out(progress)
        messages = [ServerSentEvent(message)] if message != self._last else []
        self._last = message
        again = WORKING_INTERVAL if progress.is_working else IDLE_INTERVAL
        return StreamUpdate(messages, poll_after=again, is_last=_is_over(progress))


def _cache_key(request: OpenRequest, video_id: int) -> str:
    """Return the key under which changes of the video are announced. Raise `NotFound`."""
    with request.read() as unit:
        return service.get(unit, video_id).cache_key


def _is_over(progress: ProcessingStatus) -> bool:
    return not progress.is_working and progress.video.status is not Status.NOT_STARTED
