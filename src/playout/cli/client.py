"""A client of a running server, as the command line needs it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx2

from playout.kit.errors import PlayoutError

PAUSE = 0.5
"""Seconds until a stream that was lost is asked for again."""

Json = dict[str, Any]


class ServerError(PlayoutError):
    """The server said no, or did not answer; the message says what it said."""

    code = "server_error"


class Client:
    """Calls the APIs with one key."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url.rstrip("/")
        self._http = httpx2.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {key}"}, timeout=60
        )

    def first_workspace(self) -> int:
        found = self.call("GET", "/api/v1/workspaces/")["results"]
        if not found:
            raise ServerError("This key can use no workspace.")
        return int(found[0]["id"])

    def create_video(self, title: str, workspace: int) -> Json:
        body = {"title": title, "workspace": workspace}
        return self.call("POST", "/api/v1/videos/", json=body)

    def wait(self, video_id: int, on_progress: Callable[[int], None]) -> Json:
        """Wait until the video can be played; `on_progress` gets per cent.

        Raises `ServerError` with the reason when the file cannot be used.
        """
        path = f"/api/v1/videos/{video_id}/"
        while True:
            for standing in self._told(f"{path}progress/"):
                on_progress(standing["progress"])
                if standing["failure_reason"]:
                    raise ServerError(standing["failure_reason"])
                if standing["status"] == "completed":
                    return self.call("GET", path)
            time.sleep(PAUSE)
            self.call("GET", path)  # which says so when the server is gone

    def _told(self, path: str) -> Iterator[Json]:
        """What a stream of server-sent events tells, until it ends or the connection breaks."""
        with suppress(httpx2.TransportError), self._http.stream("GET", path) as answer:
            if not answer.is_success:
                answer.read()
                raise ServerError(told(answer))
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

    def put_captions(self, video_id: int, language: str, text: bytes) -> None:
        self.call("PUT", f"/api/v1/videos/{video_id}/captions/{language}/", content=text)

    def publish(self, session_id: str, title: str, tags: list[str]) -> Json:
        body = {"session_id": session_id, "title": title, "tags": tags}
        return self.call("POST", "/v1/publications/publish", json=body)

    def ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Whatever the server answers. Raises `httpx2.HTTPError` when it does not."""
        return self._http.request(method, path, **options)

    def call(self, method: str, path: str, **options: Any) -> Json:
        """The JSON that the server answers. Raises `ServerError` when it says no."""
        try:
            answer = self.ask(method, path, **options)
        except httpx2.HTTPError as error:
            raise ServerError(f"{self.url} does not answer ({error}).") from error
        if answer.is_success:
            result: Json = answer.json()
            return result
        raise ServerError(told(answer))


def told(answer: httpx2.Response) -> str:
    """What an answer that is a refusal says, as a sentence."""
    try:
        body = answer.json()
    except ValueError:
        body = {}
    reason = body.get("detail") or body.get("message") or answer.reason_phrase
    return f"The server said {answer.status_code}: {reason}"
