"""Sends a file over tus 1.0.0, and goes on where it was after whatever broke it off."""

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import platformdirs

from playout.cli.client import Client, ServerError, told

CHUNK = 1024 * 1024
PATIENCE = 30
"""Attempts in a row that may bring nothing on, with a pause after each."""
PAUSE = 1.0
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}
PASSING = frozenset({409, 423, 429, 500, 502, 503, 504})
"""Statuses that another attempt may not get."""

OnOffset = Callable[[int], None]
"""Hears how many bytes of the file are there, or on their way."""


def send(client: Client, path: Path, enter: Callable[[], int], on_offset: OnOffset) -> int:
    """Upload a file to the video that `enter` makes, or go on with an earlier upload of it.

    Returns the id of the video. Raises `ServerError`.
    """
    memory = _memory(client.url, path)
    try:
        upload = _earlier(client, memory) or _opened(client, path, enter(), memory)
    except httpx2.HTTPError as error:
        raise _away(client, error) from error
    sent, tries = -1, 0
    while sent < path.stat().st_size:
        try:
            before, sent = sent, _offset(client, upload["url"])
            tries = 0 if sent > before else tries
            on_offset(sent)
            _append(client, upload["url"], path, sent, on_offset)
        except httpx2.TransportError as error:
            tries += 1
            if tries > PATIENCE:
                raise _away(client, error) from error
            time.sleep(PAUSE)
    memory.unlink(missing_ok=True)
    return int(upload["video"])


def _opened(client: Client, path: Path, video: int, memory: Path) -> dict[str, str]:
    said = {"filename": path.name, "video": str(video)}
    pairs = (f"{key} {base64.b64encode(said[key].encode()).decode()}" for key in said)
    length = str(path.stat().st_size)
    headers = {**TUS, "Upload-Length": length, "Upload-Metadata": ",".join(pairs)}
    answer = _checked(client.ask("POST", "/uploads/", headers=headers))
    upload = {"url": str(answer.url.join(answer.headers["location"])), "video": str(video)}
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(json.dumps(upload))
    return upload


def _earlier(client: Client, memory: Path) -> dict[str, str] | None:
    """The upload of an earlier run, where it was broken off and can be gone on with."""
    try:
        upload: dict[str, str] = json.loads(memory.read_text())
    except (OSError, ValueError):
        return None
    return upload if client.ask("HEAD", upload["url"], headers=TUS).is_success else None


def _offset(client: Client, url: str) -> int:
    answer = _checked(client.ask("HEAD", url, headers=TUS))
    return int(answer.headers["upload-offset"])


def _append(client: Client, url: str, path: Path, offset: int, on_offset: OnOffset) -> None:
    left = path.stat().st_size - offset
    if left > 0:
        headers = {"Upload-Offset": str(offset), "Content-Length": str(left)}
        content = _chunks(path, offset, on_offset)
        _checked(client.ask("PATCH", url, content=content, headers=TUS | BYTES | headers))


def _chunks(path: Path, offset: int, on_offset: OnOffset) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(offset)
        while chunk := file.read(CHUNK):
            yield chunk
            on_offset(file.tell())


def _checked(answer: httpx2.Response) -> httpx2.Response:
    if answer.status_code in PASSING:
        raise httpx2.TransportError(told(answer))
    if not answer.is_success:
        raise ServerError(told(answer))
    return answer


def _away(client: Client, error: Exception) -> ServerError:
    return ServerError(f"{client.url} does not answer ({error}).")


def _memory(server: str, path: Path) -> Path:
    """Where the upload of this very file to this server is remembered."""
    state = path.stat()
    identity = f"{server}\n{path.resolve()}\n{state.st_size}\n{state.st_mtime_ns}"
    name = hashlib.sha256(identity.encode()).hexdigest()[:32]
    return platformdirs.user_state_path("playout") / "uploads" / f"{name}.json"
