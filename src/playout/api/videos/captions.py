"""Routes of the captions of a video, whose ETag is the one that counts here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from typing_extensions import TypedDict

from playout.api.answer import Answer
from playout.api.call import Call, OneCall
from playout.api.etags import CHANGED, ENDED, SHOWN
from playout.api.fields import Flag, Id
from playout.api.formats import Moment, Uri
from playout.api.json_body import StrictRoute
from playout.api.videos.formats import NO_NUL, document_only, time_out
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.raw import bytes_of
from playout.core.media.model import Caption
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import captions
from playout.core.videos.captions import LABEL_LENGTH, CaptionInput
from playout.core.videos.model import Video
from playout.transcode.names import CAPTIONS
from playout.transcode.webvtt import MAX_BYTES, to_webvtt

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
    url: Uri
    cues: int
    created_at: Moment
    updated_at: Moment


@router.get(ALL, response_model=ListOf[CaptionsOut])
def list_captions(video_id: Id, call: Call, page: Page) -> Response:
    """The captions of a video, by language."""

    def use(unit: ReadUnit) -> Answer:
        video, found = captions.of_video(unit, video_id)
        shown = found[page.offset : page.offset + page.size]
        rows = [_out(call, unit, video, each) for each in shown]
        base_url = call.runtime.settings.base_url
        return Answer(page.of(rows, len(found), base_url, lambda row: row))

    return call.show(use)


@router.get(ONE, response_model=CaptionsOut, openapi_extra=SHOWN)
def retrieve_captions(video_id: Id, language: str, call: Call) -> Response:
    """The captions in one language."""

    def use(unit: ReadUnit) -> Answer:
        video, found = captions.get(unit, video_id, captions.tag_of(language))
        return Answer(_out(call, unit, video, found), etag=video.etag)

    return call.show(use)


@taking.put(ONE, response_model=CaptionsOut, openapi_extra=CHANGED | {"requestBody": TEXT})
async def put_captions(
    video_id: Id, language: str, request: Request, call: Call, said: Said
) -> Response:
    """Take captions in one language, as SRT or WebVTT; `default` shows them unasked."""
    data = await bytes_of(request, MAX_BYTES)

    def put() -> Response:
        wanted = CaptionInput(captions.tag_of(language), to_webvtt(data), *said)
        return call.answer(lambda unit: _put(call, unit, video_id, wanted), content=data)

    return await run_in_threadpool(put)


@router.delete(ONE, status_code=204, openapi_extra=ENDED)
def remove_captions(video_id: Id, language: str, call: Call) -> Response:
    """Remove the captions in one language."""

    def use(unit: WriteUnit) -> Answer:
        captions.remove(unit, video_id, captions.tag_of(language))
        return Answer(None, 204)

    return call.answer(use)


def _put(call: OneCall, unit: WriteUnit, video_id: int, wanted: CaptionInput) -> Answer:
    video, caption = captions.put(unit, video_id, wanted)
    return Answer(_out(call, unit, video, caption), etag=video.etag)


def _out(call: OneCall, unit: ReadUnit, video: Video, caption: Caption) -> CaptionsOut:
    url_of = call.runtime.playback.url_builder(video, unit.now)
    return {
        "language": caption.language,
        "label": caption.label,
        "default": caption.is_default,
        "url": url_of(caption.version, f"{CAPTIONS}.vtt"),
        "cues": caption.cues,
        "created_at": time_out(caption.created_at),
        "updated_at": time_out(caption.updated_at),
    }
