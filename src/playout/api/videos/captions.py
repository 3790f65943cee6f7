"""Routes of the captions of a video, whose ETag is the one that counts here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from typing_extensions import TypedDict

from playout.api.answer import Answer
from playout.api.etags import CHANGED, ENDED, SHOWN
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest, OpenRequest
from playout.api.types import DateTimeOut, Flag, Id, UriOut
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.raw import bytes_of
from playout.api.videos.schemas.types import NO_NUL, document_only, time_out
from playout.core.media.model import CAPTIONS, Caption
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import captions
from playout.core.videos.captions import LABEL_LENGTH, Wanted
from playout.core.videos.model import Video
from playout.transcode.webvtt import MOST_BYTES, read_cues

router = APIRouter(route_class=StrictRoute, tags=["captions"])
taking = APIRouter(tags=["captions"])
ALL = "/videos/{video_id}/captions/"
ONE = "/videos/{video_id}/captions/{language}/"
TEXT = {"content": {"text/vtt": {}, "application/x-subrip": {}}, "required": True}


def _said(
    label: Annotated[str | None, Query(max_length=LABEL_LENGTH, pattern=NO_NUL)] = None,
    default: Flag | None = None,
) -> tuple[str | None, bool | None]:
    return captions.label_of(label), default


Said = Annotated[tuple[str | None, bool | None], Depends(_said)]


@document_only
class CaptionsOut(TypedDict):
    """Captions in one language; `url` is a WebVTT file."""

    language: str
    label: str
    default: bool
    url: UriOut
    cues: int
    created_at: DateTimeOut
    updated_at: DateTimeOut


@router.get(ALL, response_model=ListOf[CaptionsOut])
def list_captions(video_id: Id, call: ApiRequest, page: Page) -> Response:
    """The captions of a video, by language."""

    def use(unit: ReadUnit) -> Answer:
        video, found = captions.of_video(unit, video_id)
        shown = found[page.offset : page.offset + page.size]
        rows = [_out(call, unit, video, each) for each in shown]
        base_url = call.runtime.settings.base_url
        return Answer(page.of(rows, len(found), base_url, lambda row: row))

    return call.answer_read(use)


@router.get(ONE, response_model=CaptionsOut, openapi_extra=SHOWN)
def retrieve_captions(video_id: Id, language: str, call: ApiRequest) -> Response:
    """The captions in one language."""

    def use(unit: ReadUnit) -> Answer:
        video, found = captions.get(unit, video_id, captions.tag_of(language))
        return Answer(_out(call, unit, video, found), etag=video.etag)

    return call.answer_read(use)


@taking.put(ONE, response_model=CaptionsOut, openapi_extra=CHANGED | {"requestBody": TEXT})
async def put_captions(
    video_id: Id, language: str, request: Request, call: ApiRequest, said: Said
) -> Response:
    """Take captions in one language, as SRT or WebVTT; `default` shows them unasked."""
    data = await bytes_of(request, MOST_BYTES)

    def put() -> Response:
        wanted = Wanted(captions.tag_of(language), read_cues(data), *said)
        return call.answer_write(lambda unit: _put(call, unit, video_id, wanted), content=data)

    return await run_in_threadpool(put)


@router.delete(ONE, status_code=204, openapi_extra=ENDED)
def remove_captions(video_id: Id, language: str, call: ApiRequest) -> Response:
    """Remove the captions in one language."""

    def use(unit: WriteUnit) -> Answer:
        captions.remove(unit, video_id, captions.tag_of(language))
        return Answer(None, 204)

    return call.answer_write(use)


def _put(call: OpenRequest, unit: WriteUnit, video_id: int, wanted: Wanted) -> Answer:
    video, caption = captions.put(unit, video_id, wanted)
    return Answer(_out(call, unit, video, caption), etag=video.etag)


def _out(call: OpenRequest, unit: ReadUnit, video: Video, caption: Caption) -> CaptionsOut:
    at = call.runtime.playback.places(video, unit.now)
    return {
        "language": caption.language,
        "label": caption.label,
        "default": caption.is_default,
        "url": at(caption.version, f"{CAPTIONS}.vtt"),
        "cues": caption.cues,
        "created_at": time_out(caption.created_at),
        "updated_at": time_out(caption.updated_at),
    }
