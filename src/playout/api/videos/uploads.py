"""Routes of uploads that survive: tus 1.0.0 (https://tus.io/protocols/resumable-upload).

They are not in the OpenAPI document, since what they take and tell stands in headers that the
protocol's own document describes.
"""

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from playout.api.answer import Answer
from playout.api.request import ApiRequest, OpenRequest
from playout.api.videos.upload_bytes import receive
from playout.api.videos.upload_headers import (
    BYTES,
    Checksum,
    number,
    require_bytes,
    require_version,
    told,
    wanted,
)
from playout.core.unit import WriteUnit
from playout.core.uploads import service
from playout.core.uploads.service import Turn, Wanted
from playout.kit.storage.multipart import Parts

router = APIRouter(include_in_schema=False, dependencies=[Depends(require_version)])


@router.post("/uploads/")
async def create(request: Request, call: ApiRequest) -> Response:
    """Open an upload, with its first bytes (`creation-with-upload`) or without."""
    said, checksum = wanted(request), Checksum.of(request)
    answer, upload_id = await run_in_threadpool(_create, call, said, request.scope["path"])
    if request.headers.get("content-type") == BYTES and upload_id is not None:
        turn = await run_in_threadpool(_take, call, upload_id, 0)
        upload = await receive(call, turn, request, checksum)
        answer.headers.update(told(upload))
    return answer


@router.head("/uploads/{upload_id}/")
def look(upload_id: UUID, call: ApiRequest) -> Response:
    """How far an upload is."""
    with call.read() as unit:
        return Response(headers=told(service.get(unit, upload_id)))


@router.patch("/uploads/{upload_id}/")
async def append(upload_id: UUID, request: Request, call: ApiRequest) -> Response:
    """Take bytes from `Upload-Offset` on. What has come in counts, even if the connection breaks;
    with `Upload-Checksum` all of it counts, or nothing."""
    require_bytes(request)
    checksum = Checksum.of(request)
    turn = await run_in_threadpool(_take, call, upload_id, number(request, "Upload-Offset"))
    upload = await receive(call, turn, request, checksum)
    return Response(status_code=204, headers=told(upload))


@router.delete("/uploads/{upload_id}/")
def terminate(upload_id: UUID, call: ApiRequest) -> Response:
    """Give an upload up."""
    with call.write() as unit:
        folder = service.terminate(unit, upload_id)
    Parts(call.runtime.storage).delete_all(folder)
    return Response(status_code=204)


def _create(call: OpenRequest, said: Wanted, path: str) -> tuple[Response, UUID | None]:
    """The answer, and the id of what was opened; None where an earlier answer is given again."""
    opened: list[UUID] = []

    def use(unit: WriteUnit) -> Answer:
        upload = service.create(unit, said, call.runtime.settings)
        opened.append(upload.id)
        body = {"id": str(upload.id), "video": upload.video_id}
        return Answer(body, 201, headers={"Location": f"{path}{upload.id}/", **told(upload)})

    answer = call.answer_write(use, content=f"{said.length} {said.said}".encode())
    return answer, opened[0] if opened else None


def _take(call: OpenRequest, upload_id: UUID, offset: int) -> Turn:
    with call.write() as unit:
        return service.take(unit, upload_id, offset)
