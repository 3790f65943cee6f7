"""The route that sends the links of recipients as one file, while they are read."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from playout.api.request import ApiRequest
from playout.api.shares.routes.recipients import PREFIX
from playout.api.shares.schemas.types import ChannelPath, UuidPath, parse_uuid
from playout.core.recipients.links import LinksFile

router = APIRouter(prefix=PREFIX, tags=["recipients"])
CSV: dict[int | str, dict[str, Any]] = {
    200: {"description": "A CSV file.", "content": {"text/csv": {"schema": {"type": "string"}}}}
}
ImportId = Annotated[str | None, Query(alias="importId", description="Those of one import")]


@router.get("/links.csv", response_class=StreamingResponse, responses=CSV)
async def get_links(
    project_id: UuidPath, channel: ChannelPath, request: ApiRequest, import_id: ImportId = None
) -> StreamingResponse:
    """Read the links of all recipients, or of those of one import, as CSV.

    The columns are `reference`, `id`, `url`, `posterUrl`, `previewUrl`, `expiresAt`, `state` and
    `views`.
    """
    project_uid = parse_uuid(project_id)
    only = parse_uuid(import_id, "import") if import_id else None
    runtime = request.runtime
    file = await run_in_threadpool(
        LinksFile,
        request.read,
        project_uid,
        channel,
        only,
        cipher=runtime.cipher,
        base_url=runtime.base_url,
    )
    headers = {"Cache-Control": "no-store", "Content-Disposition": "attachment; filename=links.csv"}
    return StreamingResponse(file.pieces(), media_type="text/csv", headers=headers)
