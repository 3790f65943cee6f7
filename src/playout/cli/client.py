"""A client of a running server, as the command line needs it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2

from playout.kit.errors import PlayoutError

CHUNK = 1024 * 1024
POLL = 0.3

Json = dict[str, Any]


class ServerError(PlayoutError):
    """The server said no, or did not answer; the message says what it said."""

    code = "server_error"


class Client:
    """Calls the APIs with one key."""

    def __init__(self, url: str, key: str) -> None:
        self._http = httpx2.Client(
            base_url=url.rstrip("/"), headers={"Authorization": f"Bearer {key}"}, timeout=60
        )

    def first_workspace(self) -> int:
        found = self.call("GET", "/api/v1/workspaces/")["results"]
        if not found:
            raise ServerError("This key can use no workspace.")
        return int(found[0]["id"])

    def create_video(self, title: str, workspace: int) -> Json:
        body = {"title": title, "workspace": workspace}
        return self.call("POST", "/api/v1/videos/", json=body)

    def upload(self, video_id: int, path: Path, on_bytes: Callable[[int], None]) -> Json:
        """Send the file; `on_bytes` gets the length of each part that has gone out."""
        return self.call(
            "PUT",
            f"/api/v1/videos/{video_id}/source/",
            content=_chunks(path, on_bytes),
            headers={
                "Content-Length": str(path.stat().st_size),
                "Content-Type": "application/octet-stream",
            },
        )

    def wait(self, video_id: int, on_progress: Callable[[int], None]) -> Json:
        """Wait until the video can be played; `on_progress` gets per cent.

        Raises `ServerError` with the reason when the file cannot be used.
        """
        while True:
            video = self.call("GET", f"/api/v1/videos/{video_id}/")
            on_progress(video["generation_progress"])
            if video["failure_reason"]:
                raise ServerError(video["failure_reason"])
            if video["status"] == "completed":
                return video
            time.sleep(POLL)

    def publish(self, session_id: str, title: str, tags: list[str]) -> Json:
        body = {"session_id": session_id, "title": title, "tags": tags}
        return self.call("POST", "/v1/publications/publish", json=body)

    def call(self, method: str, path: str, **options: Any) -> Json:
        """The JSON that the server answers. Raises `ServerError` when it says no."""
        try:
            answer = self._http.request(method, path, **options)
        except httpx2.HTTPError as error:
            raise ServerError(f"{self._http.base_url} does not answer ({error}).") from error
        if answer.is_success:
            result: Json = answer.json()
            return result
        raise ServerError(_told(answer))


def _told(answer: httpx2.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        body = {}
    reason = body.get("detail") or body.get("message") or answer.reason_phrase
    return f"The server said {answer.status_code}: {reason}"


def _chunks(path: Path, on_bytes: Callable[[int], None]) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
            on_bytes(len(chunk))
