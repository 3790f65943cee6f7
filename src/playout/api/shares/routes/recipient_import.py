"""The route that imports recipients, while their rows arrive."""

from collections.abc import Callable
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from playout.api.answer import Answer
from playout.api.errors import UnsupportedMediaType
from playout.api.request import IDEMPOTENCY_KEY, ApiRequest, OpenRequest
from playout.api.shares.routes.recipients import PREFIX
from playout.api.shares.schemas.recipients import ImportOut, import_out
from playout.api.shares.schemas.types import ChannelPath, UuidPath, parse_uuid
from playout.api.types import Rfc3339DateTime
from playout.core.recipients.imports import Importer, NewImport
from playout.core.recipients.model import REFERENCE_LENGTH
from playout.core.recipients.rows import (
    DATA,
    EXPIRES_AT,
    REFERENCE,
    ArrayRows,
    CsvRows,
    LineRows,
    Rows,
)
from playout.kit.errors import Invalid, TooLarge

# Not a `StrictRoute`, which would read the whole body, and insist on JSON.
router = APIRouter(prefix=PREFIX, tags=["recipients"])
MAX_BYTES = 256 * 1024 * 1024
_PIECE = 256 * 1024
"""Bytes that are taken at once."""
PARSERS: dict[str, Callable[[], Rows]] = {
    "text/csv": CsvRows,
    "application/json": ArrayRows,
    "application/x-ndjson": LineRows,
}
_ROW = {
    "type": "object",
    "properties": {
        REFERENCE: {"type": "string", "maxLength": REFERENCE_LENGTH},
        EXPIRES_AT: {"type": "string", "format": "date-time"},
        DATA: {"type": "object", "additionalProperties": True},
    },
    "additionalProperties": False,
    "examples": [{REFERENCE: "4711", DATA: {"name": "Ana"}}],
}
_FILE = {"type": "string", "format": "binary"}
_FILES: dict[str, Any] = {
    "text/csv": {"schema": _FILE, "example": "reference,name\n4711,Ana\n"},
    "application/json": {"schema": {"type": "array", "items": _ROW}},
    "application/x-ndjson": {"schema": _FILE},
}
FILE = {"requestBody": {"content": _FILES, "required": True}}
EXPIRY = Query(
    alias="expiresAt",
    description="When recipients expire whose rows do not say it",
)


@router.post("", status_code=201, response_model=ImportOut, openapi_extra=FILE)
async def import_recipients(
    project_id: UuidPath,
    channel: ChannelPath,
    request: ApiRequest,
    expires_at: Annotated[Rfc3339DateTime | None, EXPIRY] = None,
) -> Response:
    """Import up to 100,000 recipients: CSV, a JSON array, or a JSON object in each line.

    Each row is checked against the template of the channel. Wrong rows are refused, and the others
    are imported while they arrive. If the request breaks off, send the same file again with the
    same `Idempotency-Key`: it goes on where it broke off.
    """
    days = request.runtime.settings.recipient_days
    project_uid = parse_uuid(project_id)
    key = _resume_key(request, f"{project_uid}/{channel}")
    new = NewImport(project_uid, channel, key, expires_at, days)
    importer = await run_in_threadpool(_open, request, new, _parser(request))
    await _receive(request, importer)
    return await run_in_threadpool(_answer, importer)


def _parser(request: OpenRequest) -> Rows:
    media_type = request.http.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in PARSERS:
        raise UnsupportedMediaType(f"Send one of {', '.join(PARSERS)}.")
    return PARSERS[media_type]()


def _open(request: OpenRequest, new: NewImport, rows: Rows) -> Importer:
    runtime = request.runtime
    return Importer(request.write, new, rows, runtime.cipher, runtime.signer)


async def _receive(request: OpenRequest, importer: Importer) -> None:
    received, pending = 0, bytearray()
    try:
        async for chunk in request.http.stream():
            received += len(chunk)
            if received > MAX_BYTES:
                raise TooLarge(f"The file may have {MAX_BYTES:,} bytes at the most.")
            pending += chunk
            if len(pending) >= _PIECE:
                await run_in_threadpool(importer.feed, bytes(pending))
                pending.clear()
    except ClientDisconnect as error:
        raise Invalid("The connection broke before the whole file had arrived.") from error
    await run_in_threadpool(importer.feed, bytes(pending), is_last=True)


def _answer(importer: Importer) -> Response:
    headers = {"Idempotency-Replayed": "true"} if importer.was_complete else {}
    return Answer(import_out(importer.result()), headers=headers).response(201)


def _resume_key(request: OpenRequest, share: str) -> bytes | None:
    """Return what identifies the import into a share of a caller that sends a key."""
    key = request.http.headers.get("idempotency-key")
    if key is None:
        return None
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise Invalid("An Idempotency-Key has 1 to 255 printable characters.")
    principal = request.principal
    caller = f"{principal.kind}:{principal.id}:{principal.organization_id}"
    return sha256(f"{caller}\n{share}\n{key}".encode()).digest()
