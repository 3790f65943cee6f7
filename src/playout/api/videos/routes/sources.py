"""The route that receives the source of a video in one request."""

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from playout.api.answer import Answer
from playout.api.etags import IF_MATCH_AND_ETAG
from playout.api.request import ApiRequest, OpenRequest
from playout.api.types import Id, Replace
from playout.api.videos.file_body import file_body, reject_form, reject_text
from playout.api.videos.schemas.videos import VideoOut, video_answer
from playout.core.unit import WriteUnit
from playout.core.uploads import service as uploads
from playout.core.videos import sources
from playout.core.videos.sources import SourceSlot
from playout.kit.errors import TooLarge
from playout.kit.http.file_chunks import RECEIVED_BYTES, file_chunks
from playout.kit.storage.store import StoredContent

# Not a `StrictRoute`, which would insist on JSON.
router = APIRouter(prefix="/videos/{video_id}/source", tags=["videos"])
SOURCE_FILE = file_body("The file of the video, as it is.")


@router.put("/", response_model=VideoOut, openapi_extra=IF_MATCH_AND_ETAG | SOURCE_FILE)
async def put_source(video_id: Id, request: ApiRequest, replace: Replace = None) -> Response:
    """Upload the source of a video in one request.

    The bytes of the body go straight to storage. The video is processed after the answer. For
    large files and unreliable connections, use resumable uploads.

    When the new source plays, the addresses of the old one work for ten more minutes, so that
    players that have started can go on. With `replace=now` they end at that moment.
    """
    reject_form(request.http)
    reject_text(request.http)
    slot, limit = await run_in_threadpool(_open, request, video_id)
    _check_length(request.http, limit)
    storage = request.runtime.storage
    received = await storage.receive(slot.key, file_chunks(request.http), limit)
    RECEIVED_BYTES.inc(received.size)
    try:
        return await run_in_threadpool(_close, request, slot, received, replace is not None)
    except BaseException:
        await request.runtime.storage_calls.run(storage.delete, slot.key)
        raise


def _check_length(request: Request, limit: int) -> None:
    """Raise `TooLarge` before the first byte is read, if the client says how many there are."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise TooLarge(f"A file may have {limit:,} bytes at the most.")


def _open(request: OpenRequest, video_id: int) -> tuple[SourceSlot, int]:
    """Return the slot for the bytes, and how many bytes it may take."""
    with request.read() as unit:
        slot = sources.open_source(unit, video_id)
        return slot, uploads.max_source_bytes(unit, slot.organization_id, request.runtime.settings)


def _close(
    request: OpenRequest, slot: SourceSlot, received: StoredContent, replace_at_once: bool
) -> Response:
    """Answer once the bytes are stored: they are the source of the video from now on."""

    def close(unit: WriteUnit) -> Answer[VideoOut]:
        video = sources.close_source(unit, slot, received, replace_at_once=replace_at_once)
        return video_answer(unit, request.runtime.playback, video)

    return request.answer_write(close, content=received.sha256.encode())
