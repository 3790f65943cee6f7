"""Routes of resumable uploads: tus 1.0.0 (https://tus.io/protocols/resumable-upload).

They are not in the OpenAPI document: their input and output is in headers, which the document of
the protocol describes.
"""

from uuid import UUID

from fastapi import APIRouter, Depends, Response
from starlette.concurrency import run_in_threadpool

from playout.api.answer import Answer
from playout.api.request import ApiRequest, OpenRequest
from playout.api.videos.schemas.uploads import UploadOut, upload_out
from playout.api.videos.tus.checksum import Checksum
from playout.api.videos.tus.headers import (
    byte_count,
    has_chunk,
    require_chunk,
    require_version,
    upload_headers,
    upload_in,
)
from playout.api.videos.tus.receiver import receive_bytes
from playout.core.unit import WriteUnit
from playout.core.uploads import service
from playout.core.uploads.service import UploadClaim, UploadRequest
from playout.kit.storage.multipart import MultipartStore

router = APIRouter(
    prefix="/uploads", include_in_schema=False, dependencies=[Depends(require_version)]
)


@router.post("/", status_code=201)
async def create_upload(request: ApiRequest) -> Response:
    """Create an upload, with its first bytes (`creation-with-upload`) or without."""
    upload_request, checksum = upload_in(request.http), Checksum.of(request.http)
    answer, upload_id = await run_in_threadpool(_create, request, upload_request)
    if has_chunk(request.http) and upload_id is not None:
        turn = await run_in_threadpool(_take, request, upload_id, 0)
        upload = await receive_bytes(request, turn, checksum)
        answer.headers.update(upload_headers(upload))
    return answer


@router.head("/{upload_id}/")
def retrieve_upload(upload_id: UUID, request: ApiRequest) -> Response:
    """Return how many bytes of an upload have arrived."""
    with request.read() as unit:
        return Response(headers=upload_headers(service.get(unit, upload_id)))


@router.patch("/{upload_id}/")
async def append_to_upload(upload_id: UUID, request: ApiRequest) -> Response:
    """Store bytes from `Upload-Offset` on.

    Bytes that have arrived count, even if the connection breaks. With `Upload-Checksum` all of them
    count, or none.
    """
    require_chunk(request.http)
    checksum = Checksum.of(request.http)
    offset = byte_count(request.http, "Upload-Offset")
    turn = await run_in_threadpool(_take, request, upload_id, offset)
    upload = await receive_bytes(request, turn, checksum)
    return Response(status_code=204, headers=upload_headers(upload))


@router.delete("/{upload_id}/")
async def terminate_upload(upload_id: UUID, request: ApiRequest) -> Response:
    """Terminate an unfinished upload and delete its bytes."""
    folder = await run_in_threadpool(_terminate, request, upload_id)
    parts = MultipartStore(request.runtime.storage)
    await request.runtime.storage_calls.run(parts.delete_all, folder)
    return Response(status_code=204)


def _terminate(request: OpenRequest, upload_id: UUID) -> str:
    """Terminate an upload, and return the folder of its parts."""
    with request.write() as unit:
        return service.terminate(unit, upload_id)


def _create(request: OpenRequest, upload_request: UploadRequest) -> tuple[Response, UUID | None]:
    """Return the answer and the id of the new upload.

    The id is None when the answer is a replay under an `Idempotency-Key`.
    """
    created: list[UUID] = []
    # A path: the client may have come through a host and a scheme that Playout does not know.
    path = request.runtime.settings.address.prefix + request.http.scope["path"]

    def create(unit: WriteUnit) -> Answer[UploadOut]:
        upload = service.create(unit, upload_request, request.runtime.settings)
        created.append(upload.id)
        headers = {"Location": f"{path}{upload.id}/", **upload_headers(upload)}
        return Answer(upload_out(upload), headers=headers)

    content = f"{upload_request.length} {upload_request.metadata}".encode()
    answer = request.answer_write(create, content=content)
    return answer, created[0] if created else None


def _take(request: OpenRequest, upload_id: UUID, offset: int) -> UploadClaim:
    with request.write() as unit:
        return service.claim(unit, upload_id, offset)
