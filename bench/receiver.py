"""A receiver that takes POST requests and does nothing with them but note when each came.

`GET /` answers `{webhook-id: seconds since the epoch}`, and forgets what it told.
"""

import asyncio
import json
import sys
import time

times: dict[str, float] = {}
NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            if head.startswith(b"POST"):
                writer.write(await _taken(reader, head))
            else:
                writer.write(_told())
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _taken(reader: asyncio.StreamReader, head: bytes) -> bytes:
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
    await reader.readexactly(int(fields.get(b"content-length", b"0")))
    times.setdefault(fields.get(b"webhook-id", b"").decode(), time.time())
    return NO_CONTENT


def _told() -> bytes:
    body = json.dumps(times).encode()
    times.clear()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


async def main(port: int) -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
