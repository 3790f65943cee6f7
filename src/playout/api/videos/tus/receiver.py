"""Storing the bytes that one request brings. At most two blocks of them are in memory."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from playout.api.request import OpenRequest
from playout.api.videos.tus.checksum import Checksum
from playout.core.uploads import service
from playout.core.uploads.model import Upload
from playout.core.uploads.receiving import UploadReceiver
from playout.core.uploads.service import UploadClaim
from playout.kit.errors import Invalid, TooLarge
from playout.kit.http.file_chunks import RECEIVED_BYTES
from playout.kit.storage.store import PART_BYTES

SILENCE_TIMEOUT = 60.0
"""Seconds without a byte after which a connection counts as broken."""


async def receive_bytes(
    request: OpenRequest, claim: UploadClaim, checksum: Checksum | None
) -> Upload:
    """Store the body of a request, block by block, and return the upload as it is afterwards.

    Without a checksum, stored bytes count once a second and at the end. With one, all of them
    count or none. Raise `TooLarge` for more bytes than the upload has left, `ChecksumMismatch`,
    and `Invalid` when the connection breaks.
    """
    room = claim.length - claim.start
    length = request.http.headers.get("content-length", "")
    if length.isdecimal() and int(length) > room:
        raise _too_large()
    storage_calls = request.runtime.storage_calls
    receiver = UploadReceiver(
        request.runtime.storage, request.runtime.settings, request.write, claim
    )

    def store(block: bytearray) -> None:
        receiver.store(block)
        RECEIVED_BYTES.inc(len(block))
        if checksum is not None:
            checksum.update(block)
        elif receiver.commit_is_due:
            receiver.commit()

    try:
        await _store_while_reading(
            blocks(request.http.stream(), room), lambda block: storage_calls.run(store, block)
        )
    finally:
        if checksum is None:
            await storage_calls.run(receiver.commit)
    if checksum is not None:
        checksum.verify()
        await storage_calls.run(receiver.commit)
    return await run_in_threadpool(_upload, request, claim)


async def blocks(stream: AsyncIterator[bytes], room: int) -> AsyncIterator[bytearray]:
    """Yield a stream in blocks of at least `PART` bytes, but for the last.

    Raise `TooLarge` for more than `room` bytes. When the stream breaks, yield the bytes that have
    come, and raise `Invalid` then.
    """
    block, broken = bytearray(), False
    try:
        async for chunk in _with_timeout(stream):
            room -= len(chunk)
            if room < 0:
                raise _too_large()
            block += chunk
            if len(block) >= PART_BYTES:
                yield block
                block = bytearray()
    except (ClientDisconnect, TimeoutError):
        broken = True
    if block:
        yield block
    if broken:
        raise Invalid("The connection broke before all bytes of the request had arrived.")


async def _store_while_reading(
    blocks: AsyncIterator[bytearray], store: Callable[[bytearray], Awaitable[None]]
) -> None:
    """Store each block while the next one is read. At the end all that were read are stored."""
    storing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    storing.set_result(None)
    try:
        async for block in blocks:
            await storing
            storing = asyncio.ensure_future(store(block))
    finally:
        await storing


async def _with_timeout(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield a stream. Raise `TimeoutError` when no bytes come any more."""
    while True:
        try:
            async with asyncio.timeout(SILENCE_TIMEOUT):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        yield chunk


def _upload(request: OpenRequest, claim: UploadClaim) -> Upload:
    with request.read() as unit:
        return service.get(unit, claim.upload_id)


def _too_large() -> TooLarge:
    return TooLarge("These are more bytes than the upload was opened for.")
