"""Routes of work that is under way: stop it, have it tried again."""

from collections.abc import Callable

from fastapi import APIRouter, Response

from playout.api.answer import Answer
from playout.api.body import StrictRoute
from playout.api.call import Call, OneCall
from playout.api.etags import CHANGED
from playout.api.fields import Id
from playout.api.videos import details
from playout.api.videos.wire import VideoDetail
from playout.core.unit import WriteUnit
from playout.core.videos import control
from playout.core.videos.model import Video

router = APIRouter(route_class=StrictRoute, tags=["videos"])


@router.post("/videos/{video_id}/cancel/", response_model=VideoDetail, openapi_extra=CHANGED)
def cancel_video(video_id: Id, call: Call) -> Response:
    """Stop what is being made of a video; what plays already plays on. Else a 409."""
    return _change(call, video_id, control.cancel)


@router.post("/videos/{video_id}/retry/", response_model=VideoDetail, openapi_extra=CHANGED)
def retry_video(video_id: Id, call: Call) -> Response:
    """Try again what failed or was cancelled, with the source that is there. Else a 409."""
    return _change(call, video_id, control.retry)


def _change(call: OneCall, video_id: int, use_case: Callable[[WriteUnit, int], Video]) -> Response:
    def use(unit: WriteUnit) -> Answer:
        video = use_case(unit, video_id)
        return Answer(details.out(call, unit, video), etag=video.etag)

    return call.answer(use)
