"""Routes of the captions of a video. `If-Match` takes the ETag of the video."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.concurrency import run_in_threadpool

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.etags import ETAG_OR_304, IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest, ApiRuntime, OpenRequest
from playout.api.types import NFC, Flag, Id, Replace
from playout.api.videos.file_body import file_body, read_file
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.captions import CaptionsOut, captions_out
from playout.api.videos.schemas.types import NO_NUL
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import captions
from playout.core.videos.captions import LABEL_LENGTH, CaptionInput
from playout.transcode.webvtt import MAX_BYTES, to_webvtt

PATH = "/videos/{video_id}/captions"
router = APIRouter(prefix=PATH, route_class=StrictRoute, tags=["captions"])
file_router = APIRouter(prefix=PATH, tags=["captions"])
"""Routes whose body is a file. `StrictRoute` would insist on JSON."""
CAPTIONS_FILE = file_body("An SRT or WebVTT file.")


@router.get("/")
@endpoint
def list_captions(
    video_id: Id, unit: ReadUnit, runtime: ApiRuntime, page: Page
) -> Answer[ListOf[CaptionsOut]]:
    """List the captions of a video by language."""
    video, found = captions.of_video(unit, video_id)
    return page.answer_slice(
        found, lambda caption: captions_out(unit, video, caption, runtime.playback)
    )


@router.get("/{language}/", openapi_extra=ETAG_OR_304)
@endpoint
def retrieve_captions(
    video_id: Id, language: str, unit: ReadUnit, runtime: ApiRuntime
) -> Answer[CaptionsOut]:
    """Return the captions in one language."""
    video, caption = captions.get(unit, video_id, captions.tag_of(language))
    return Answer(captions_out(unit, video, caption, runtime.playback), etag=video.etag)


@file_router.put(
    "/{language}/", response_model=CaptionsOut, openapi_extra=IF_MATCH_AND_ETAG | CAPTIONS_FILE
)
async def put_captions(
    video_id: Id,
    language: str,
    request: ApiRequest,
    *,
    label: Annotated[str | None, Query(max_length=LABEL_LENGTH, pattern=NO_NUL), NFC] = None,
    default: Flag | None = None,
    replace: Replace = None,
) -> Response:
    """Create or replace the captions in one language, from an SRT or WebVTT file.

    Players show the captions with `default` from the start. The address of a replaced text
    works for ten more minutes. With `replace=now` it ends at once.
    """
    await run_in_threadpool(_open, request, video_id)
    label, tag = captions.label_of(label), captions.tag_of(language)
    file = await read_file(request.http, MAX_BYTES)
    cues = await run_in_threadpool(to_webvtt, file)
    sent = CaptionInput(tag, cues, label, default, replace_at_once=replace is not None)
    return await run_in_threadpool(_put, request, video_id, sent, file)


@router.delete("/{language}/", status_code=204, openapi_extra=IF_MATCH)
@endpoint
def remove_captions(video_id: Id, language: str, unit: WriteUnit) -> Answer[None]:
    """Delete the captions in one language."""
    captions.remove(unit, video_id, captions.tag_of(language))
    return Answer(None)


def _open(request: OpenRequest, video_id: int) -> None:
    """Check that the caller may change the captions, before they are read and parsed."""
    with request.read() as unit:
        captions.check_may_put(unit, video_id)


def _put(request: OpenRequest, video_id: int, wanted: CaptionInput, file: bytes) -> Response:
    def put(unit: WriteUnit) -> Answer[CaptionsOut]:
        video, caption = captions.put(unit, video_id, wanted)
        return Answer(captions_out(unit, video, caption, request.runtime.playback), etag=video.etag)

    return request.answer_write(put, content=file)
