"""The bytes of one request to an upload: two blocks of them in memory, whatever comes."""

import asyncio
from collections.abc import AsyncIterator, Callable

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from playout.api.request import OpenRequest
from playout.api.videos.upload_headers import Checksum
from playout.core.uploads import service
from playout.core.uploads.model import Upload
from playout.core.uploads.receiving import Receiving
from playout.core.uploads.service import Turn
from playout.kit.errors import Invalid, TooLarge
from playout.kit.storage.store import PART

PATIENCE = 60.0
"""Seconds without a byte after which a connection is taken for dead."""


async def receive(
    call: OpenRequest, turn: Turn, request: Request, checksum: Checksum | None
) -> Upload:
    """Store what a request brings, block by block; return how the upload stands then.

    What is stored counts within a second or so, with a checksum all of it or none. Raises
    `TooLarge` for more than the upload's length, `ChecksumMismatch`, and `Invalid` when the
    connection breaks.
    """
    room = turn.length - turn.start
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > room:
        raise _too_large()
    receiving = Receiving(call.runtime, call.write, turn)

    def store(block: bytearray) -> None:
        receiving.store(block)
        call.runtime.metrics.received.inc(len(block))
        if checksum is not None:
            checksum.update(block)
        elif receiving.due:
            receiving.count()

    try:
        await _one_behind(_blocks(request.stream(), room), store)
    finally:
        if checksum is None:
            await run_in_threadpool(receiving.count)
    if checksum is not None:
        checksum.verify()
        await run_in_threadpool(receiving.count)
    return await run_in_threadpool(_look, call, turn)


async def _one_behind(blocks: AsyncIterator[bytearray], store: Callable[[bytearray], None]) -> None:
    """Store each block while the next one is read; all that were read are stored at the end."""
    storing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    storing.set_result(None)
    try:
        async for block in blocks:
            await storing
            storing = asyncio.ensure_future(run_in_threadpool(store, block))
    finally:
        await storing


async def _blocks(stream: AsyncIterator[bytes], room: int) -> AsyncIterator[bytearray]:
    """A stream in blocks; when it breaks off, what is left of it comes before the error."""
    block, broken = bytearray(), False
    try:
        async for chunk in _patiently(stream):
            room -= len(chunk)
            if room < 0:
                raise _too_large()
            block += chunk
            if len(block) >= PART:
                yield block
                block = bytearray()
    except (ClientDisconnect, TimeoutError):
        broken = True
    if block:
        yield block
    if broken:
        raise Invalid("The connection broke before all bytes of the request were here.")


async def _patiently(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The stream; raises `TimeoutError` when nothing comes any more."""
    while True:
        try:
            async with asyncio.timeout(PATIENCE):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        yield chunk


def _look(call: OpenRequest, turn: Turn) -> Upload:
    with call.read() as unit:
        return service.get(unit, turn.upload_id)


def _too_large() -> TooLarge:
    return TooLarge("These are more bytes than the upload was opened for.")
