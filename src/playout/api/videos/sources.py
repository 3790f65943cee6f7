"""The route that takes the file of a video."""

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from playout.api.answer import Answer
from playout.api.call import Call, OneCall
from playout.api.errors import UnsupportedMediaType
from playout.api.etags import CHANGED
from playout.api.fields import Id
from playout.api.metrics import RECEIVED_BYTES
from playout.api.videos import details
from playout.api.videos.wire import VideoDetail
from playout.core.unit import WriteUnit
from playout.core.uploads import service as uploads
from playout.core.videos import sources
from playout.core.videos.sources import SourceSlot
from playout.kit.errors import Invalid, TooLarge
from playout.kit.storage.store import StoredContent

router = APIRouter(tags=["videos"])
BYTES = {"content": {"application/octet-stream": {}}, "required": True}


@router.put(
    "/videos/{video_id}/source/",
    response_model=VideoDetail,
    openapi_extra=CHANGED | {"requestBody": BYTES},
)
async def put_source(video_id: Id, request: Request, call: Call) -> Response:
    """Take the raw bytes of a source, straight to storage; it is made playable afterwards."""
    _check_type(request)
    slot, limit = await run_in_threadpool(_open, call, video_id)
    _check_length(request, limit)
    storage = call.runtime.storage
    try:
        received = await storage.receive(slot.key, request.stream(), limit)
    except ClientDisconnect as error:
        raise Invalid("The connection broke before the whole file was here.") from error
    RECEIVED_BYTES.inc(received.size)
    try:
        return await run_in_threadpool(_close, call, slot, received)
    except BaseException:
        await run_in_threadpool(storage.delete, slot.key)
        raise


def _check_type(request: Request) -> None:
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise UnsupportedMediaType("Send the bytes of the file as the body, not a form.")


def _check_length(request: Request, limit: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise TooLarge(f"A file may have {limit:,} bytes at the most.")


def _open(call: OneCall, video_id: int) -> tuple[SourceSlot, int]:
    """Where the file goes, and how many bytes it may have."""
    with call.read() as unit:
        slot = sources.open_source(unit, video_id)
        return slot, uploads.max_source_bytes(unit, slot.organization_id, call.runtime.settings)


def _close(call: OneCall, slot: SourceSlot, received: StoredContent) -> Response:
    def use(unit: WriteUnit) -> Answer:
        video = sources.close_source(unit, slot, received)
        return Answer(details.out(call, unit, video), 200, video.etag)

    return call.answer(use, content=received.sha256.encode())
