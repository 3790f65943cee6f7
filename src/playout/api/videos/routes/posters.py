"""Routes of the poster of a video. `If-Match` takes the ETag of the video."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.etags import IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import MAX_BODY_BYTES, StrictRoute
from playout.api.request import ApiRequest, OpenRequest
from playout.api.types import Id, Replace
from playout.api.videos.file_body import file_body, read_file
from playout.api.videos.schemas.posters import PosterTimeIn
from playout.api.videos.schemas.videos import VideoOut, video_answer
from playout.core.processing import posters
from playout.core.unit import WriteUnit
from playout.kit.errors import Invalid
from playout.kit.strict_json import parse
from playout.transcode.pictures.custom_poster import MAX_BYTES

PATH = "/videos/{video_id}/poster"
router = APIRouter(prefix=PATH, route_class=StrictRoute, tags=["videos"])
file_router = APIRouter(prefix=PATH, tags=["videos"])
"""Routes whose body may be a file. `StrictRoute` would insist on JSON."""
PICTURE_OR_TIME = file_body(
    "A JPEG, PNG or WebP picture.", **{"application/json": PosterTimeIn.model_json_schema()}
)


@file_router.put("/", response_model=VideoOut, openapi_extra=IF_MATCH_AND_ETAG | PICTURE_OR_TIME)
async def put_poster(video_id: Id, request: ApiRequest, replace: Replace = None) -> Response:
    """Set the poster of a video, from a picture or from a time of the video.

    The picture at a time is drawn a moment later, by a job. The address of a poster that was sent
    before works for ten more minutes. With `replace=now` it ends when the new poster is stored.
    """
    is_time = request.http.headers.get("content-type", "").startswith("application/json")
    uid = await run_in_threadpool(_open, request, video_id)
    body = await read_file(request.http, MAX_BODY_BYTES if is_time else MAX_BYTES)
    if is_time:
        return await run_in_threadpool(_put_time, request, video_id, body, replace is not None)
    return await request.runtime.storage_calls.run(
        _put_picture, request, video_id, uid, body, replace is not None
    )


@router.delete("/", status_code=204, openapi_extra=IF_MATCH)
@endpoint
def remove_poster(video_id: Id, unit: WriteUnit) -> Answer[None]:
    """Remove the poster of a video.

    The video shows the poster that Playout drew for it again.
    """
    posters.remove(unit, video_id)
    return Answer(None)


def _open(request: OpenRequest, video_id: int) -> UUID:
    """Return the uid of the video, before the body is read."""
    with request.read() as unit:
        return posters.open_poster(unit, video_id)


def _put_time(request: OpenRequest, video_id: int, body: bytes, at_once: bool) -> Response:
    try:
        seconds = PosterTimeIn.model_validate(parse(body)).time
    except ValidationError as error:
        reason = "A number of seconds is needed."
        raise Invalid('The body has no time: {"time": 12.5}.', {"time": reason}) from error

    def put(unit: WriteUnit) -> Answer[VideoOut]:
        video = posters.put_frame(unit, video_id, seconds, at_once=at_once)
        return video_answer(unit, request.runtime.playback, video)

    return request.answer_write(put, content=body)


def _put_picture(
    request: OpenRequest, video_id: int, uid: UUID, picture: bytes, at_once: bool
) -> Response:
    runtime = request.runtime
    poster = posters.store(runtime, uid, picture)

    def put(unit: WriteUnit) -> Answer[VideoOut]:
        video = posters.put(unit, video_id, poster, at_once=at_once)
        return video_answer(unit, runtime.playback, video)

    try:
        return request.answer_write(put, content=picture)
    except BaseException:
        posters.discard(runtime, uid, poster)
        raise
