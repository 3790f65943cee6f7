"""Routes of the poster of a video, whose ETag is the one that counts here."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from playout.api.answer import Answer
from playout.api.etags import IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute, parse
from playout.api.request import ApiRequest, OpenRequest
from playout.api.types import NOT_A_BOOL, Id, example
from playout.api.videos import details
from playout.api.videos.raw import bytes_of
from playout.api.videos.wire import VideoDetail
from playout.core.processing import posters
from playout.core.unit import WriteUnit
from playout.core.videos.model import Video
from playout.kit.errors import Invalid
from playout.transcode.pictures.custom_poster import MOST_BYTES

router = APIRouter(route_class=StrictRoute, tags=["videos"])
taking = APIRouter(tags=["videos"])
PATH = "/videos/{video_id}/poster/"
LATEST = 1_000_000


class Moment(BaseModel):
    """A time of the video, in seconds."""

    model_config = example(time=0.5)

    time: Annotated[float, Field(ge=0, le=LATEST, allow_inf_nan=False), NOT_A_BOOL]


PICTURE = {
    "content": {
        "application/json": {"schema": Moment.model_json_schema()},
        "image/jpeg": {},
        "image/png": {},
        "image/webp": {},
    },
    "required": True,
}


@taking.put(
    PATH, response_model=VideoDetail, openapi_extra=IF_MATCH_AND_ETAG | {"requestBody": PICTURE}
)
async def put_poster(video_id: Id, request: Request, call: ApiRequest) -> Response:
    """Take a picture as the poster, or the time of one in the video, which is drawn a moment
    later."""
    is_moment = request.headers.get("content-type", "").startswith("application/json")
    data = await bytes_of(request, MOST_BYTES)
    return await run_in_threadpool(_ask_for if is_moment else _put, call, video_id, data)


@router.delete(PATH, status_code=204, openapi_extra=IF_MATCH)
def remove_poster(video_id: Id, call: ApiRequest) -> Response:
    """Go back to the poster that Playout chose."""

    def use(unit: WriteUnit) -> Answer:
        posters.remove(unit, video_id)
        return Answer(None, 204)

    return call.answer_write(use)


def _ask_for(call: OpenRequest, video_id: int, data: bytes) -> Response:
    try:
        moment = Moment.model_validate(parse(data))
    except ValidationError as error:
        reason = "A number of seconds is needed."
        raise Invalid('The body has no time: {"time": 12.5}.', {"time": reason}) from error
    return call.answer_write(
        lambda unit: _shown(call, unit, posters.ask_for(unit, video_id, moment.time)), content=data
    )


def _put(call: OpenRequest, video_id: int, data: bytes) -> Response:
    with call.read() as unit:
        uid = posters.open_poster(unit, video_id)
    poster = posters.store(call.runtime, uid, data)
    try:
        return call.answer_write(
            lambda unit: _shown(call, unit, posters.put(unit, video_id, poster)), content=data
        )
    except BaseException:
        posters.discard(call.runtime, uid, poster)
        raise


def _shown(call: OpenRequest, unit: WriteUnit, video: Video) -> Answer:
    return Answer(details.out(call, unit, video), etag=video.etag)
