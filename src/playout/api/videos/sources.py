"""The route that takes the file of a video."""

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from playout.api.answer import Answer
from playout.api.errors import UnsupportedMediaType
from playout.api.etags import IF_MATCH_AND_ETAG
from playout.api.request import ApiRequest, OpenRequest
from playout.api.types import Id
from playout.api.videos import details
from playout.api.videos.wire import VideoDetail
from playout.core.unit import WriteUnit
from playout.core.uploads import service as uploads
from playout.core.videos import sources as making
from playout.core.videos.sources import Upload
from playout.kit.errors import Invalid, TooLarge
from playout.kit.storage.store import Received

router = APIRouter(tags=["videos"])
BYTES = {"content": {"application/octet-stream": {}}, "required": True}


@router.put(
    "/videos/{video_id}/source/",
    response_model=VideoDetail,
    openapi_extra=IF_MATCH_AND_ETAG | {"requestBody": BYTES},
)
async def put_source(video_id: Id, request: Request, call: ApiRequest) -> Response:
    """Take the raw bytes of a source, straight to storage; it is made playable afterwards."""
    _check_type(request)
    upload, limit = await run_in_threadpool(_open, call, video_id)
    _check_length(request, limit)
    storage = call.runtime.storage
    try:
        received = await storage.receive(upload.key, request.stream(), limit)
    except ClientDisconnect as error:
        raise Invalid("The connection broke before the whole file was here.") from error
    call.runtime.metrics.received.inc(received.size)
    try:
        return await run_in_threadpool(_close, call, upload, received)
    except BaseException:
        await run_in_threadpool(storage.delete, upload.key)
        raise


def _check_type(request: Request) -> None:
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise UnsupportedMediaType("Send the bytes of the file as the body, not a form.")


def _check_length(request: Request, limit: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise TooLarge(f"A file may have {limit:,} bytes at the most.")


def _open(call: OpenRequest, video_id: int) -> tuple[Upload, int]:
    """Where the file goes, and how many bytes it may have."""
    with call.read() as unit:
        upload = making.open_upload(unit, video_id)
        return upload, uploads.room(unit, upload.organization_id, call.runtime.settings)


def _close(call: OpenRequest, upload: Upload, received: Received) -> Response:
    def use(unit: WriteUnit) -> Answer:
        video = making.close_upload(unit, upload, received)
        return Answer(details.out(call, unit, video), 200, video.etag)

    return call.answer_write(use, content=received.sha256.encode())
