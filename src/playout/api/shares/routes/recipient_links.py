"""The route that sends the links of recipients as one file, while they are read."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from playout.api.request import ApiRequest, OpenRequest
from playout.api.shares.routes.recipients import PREFIX
from playout.api.shares.schemas.recipients import RecipientOut, recipient_out
from playout.api.shares.schemas.types import ChannelPath, UuidPath, parse_uuid
from playout.core.projects.channel import Channel
from playout.core.recipients import service

router = APIRouter(prefix=PREFIX, tags=["recipients"])
AT_ONCE = 1_000
"""Recipients of one piece."""
COLUMNS = ("reference", "id", "url", "posterUrl", "previewUrl", "expiresAt", "state", "views")
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
    first = await run_in_threadpool(_piece, request, project_uid, channel, None, only)
    headers = {"Cache-Control": "no-store", "Content-Disposition": "attachment; filename=links.csv"}
    pieces = _pieces(request, project_uid, channel, only, first)
    return StreamingResponse(pieces, media_type="text/csv", headers=headers)


def _pieces(
    request: OpenRequest,
    project_uid: UUID,
    channel: Channel,
    import_id: UUID | None,
    piece: list[RecipientOut],
) -> Iterator[str]:
    """Yield the file. Each piece is a query of its own: it ends for whoever may not read on."""
    yield _lines([COLUMNS])
    while piece:
        yield _lines([[_text(each[name]) for name in COLUMNS] for each in piece])  # type: ignore[literal-required]
        last = UUID(piece[-1]["id"])
        is_full = len(piece) == AT_ONCE
        piece = _piece(request, project_uid, channel, last, import_id) if is_full else []


def _piece(
    request: OpenRequest,
    project_uid: UUID,
    channel: Channel,
    after: UUID | None,
    import_id: UUID | None,
) -> list[RecipientOut]:
    runtime = request.runtime
    with request.read() as unit:
        share = service.share_of(unit, project_uid, channel)
        if import_id is not None:
            service.get_import(unit, share, import_id)
        rows = service.page(unit, share, after, AT_ONCE, import_id)
        return [recipient_out(each, share, runtime.cipher, runtime.base_url) for each in rows]


def _lines(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _text(value: object) -> str:
    return "" if value is None else str(value)
