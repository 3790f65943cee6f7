"""Uploads over tus 1.0.0, which continue where they were interrupted."""

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import platformdirs
from typing_extensions import TypedDict

from playout.cli.client import Client, ServerError, refusal

CHUNK_BYTES = 1024 * 1024
MAX_ATTEMPTS = 30
"""Attempts in a row that may send nothing new before the upload fails."""
PAUSE_SECONDS = 1.0
"""Pause between two attempts."""
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}
RETRYABLE = frozenset({409, 423, 429, 500, 502, 503, 504})
"""Statuses after which another attempt may succeed."""

OnOffset = Callable[[int], None]
"""Receives how many bytes of the file were sent."""


class Upload(TypedDict):
    """An upload, as it is kept on this machine until it is complete."""

    url: str
    video: str


def upload_file(
    client: Client, path: Path, create_video: Callable[[], int], on_offset: OnOffset
) -> int:
    """Upload a file, or continue an earlier upload of it. Return the id of its video.

    `create_video` is called for a new upload, and returns the id of the video to upload to.
    Raises `ServerError`.
    """
    state = _state_file(client.url, path)
    try:
        upload = _earlier_upload(client, state) or _new_upload(client, path, create_video(), state)
    except httpx2.HTTPError as error:
        raise _no_answer(client, error) from error
    sent, attempts = -1, 0
    while sent < path.stat().st_size:
        try:
            before, sent = sent, _offset(client, upload["url"])
            attempts = 0 if sent > before else attempts
            on_offset(sent)
            _append(client, upload["url"], path, sent, on_offset)
        except httpx2.TransportError as error:
            attempts += 1
            if attempts > MAX_ATTEMPTS:
                raise _no_answer(client, error) from error
            time.sleep(PAUSE_SECONDS)
    state.unlink(missing_ok=True)
    return int(upload["video"])


def _new_upload(client: Client, path: Path, video: int, state: Path) -> Upload:
    metadata = {"filename": path.name, "video": str(video)}
    pairs = (
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items()
    )
    length = str(path.stat().st_size)
    headers = {**TUS, "Upload-Length": length, "Upload-Metadata": ",".join(pairs)}
    response = _checked(client.request("POST", "/uploads/", headers=headers))
    upload: Upload = {
        "url": str(response.url.join(response.headers["location"])),
        "video": str(video),
    }
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_text(json.dumps(upload))
    return upload


def _earlier_upload(client: Client, state: Path) -> Upload | None:
    """Return the interrupted upload of an earlier run, if the server still has it."""
    try:
        upload: Upload = json.loads(state.read_text())
    except (OSError, ValueError):
        return None
    return upload if client.request("HEAD", upload["url"], headers=TUS).is_success else None


def _offset(client: Client, url: str) -> int:
    response = _checked(client.request("HEAD", url, headers=TUS))
    return int(response.headers["upload-offset"])


def _append(client: Client, url: str, path: Path, offset: int, on_offset: OnOffset) -> None:
    left = path.stat().st_size - offset
    if left > 0:
        headers = {"Upload-Offset": str(offset), "Content-Length": str(left)}
        content = _chunks(path, offset, on_offset)
        _checked(client.request("PATCH", url, content=content, headers=TUS | BYTES | headers))


def _chunks(path: Path, offset: int, on_offset: OnOffset) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(offset)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
            on_offset(file.tell())


def _checked(response: httpx2.Response) -> httpx2.Response:
    """Return the response if it is a success.

    Raises `TransportError` if another attempt may succeed, and `ServerError` otherwise.
    """
    if response.status_code in RETRYABLE:
        raise httpx2.TransportError(refusal(response))
    if not response.is_success:
        raise ServerError(refusal(response))
    return response


def _no_answer(client: Client, error: Exception) -> ServerError:
    return ServerError(f"{client.url} does not answer ({error}).")


def _state_file(server: str, path: Path) -> Path:
    """Return the file that keeps the upload of exactly this file to this server."""
    status = path.stat()
    identity = f"{server}\n{path.resolve()}\n{status.st_size}\n{status.st_mtime_ns}"
    name = hashlib.sha256(identity.encode()).hexdigest()[:32]
    return platformdirs.user_state_path("playout") / "uploads" / f"{name}.json"
