"""The client of a running server that `playout publish` uses."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx2

from playout.kit.errors import Invalid, PlayoutError

RECONNECT_SECONDS = 0.5
"""Pause before a broken event stream is opened again."""

Json = dict[str, Any]
"""A JSON object that an API answered."""


class ServerError(PlayoutError):
    """A server that refused a request, or did not answer. The message says why."""

    code = "server_error"


class Client:
    """Calls the APIs of a server with one key."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url.rstrip("/")
        try:
            self._http = httpx2.Client(
                base_url=self.url, headers={"Authorization": f"Bearer {key}"}, timeout=60
            )
        except httpx2.InvalidURL as error:
            raise Invalid(
                f"{url} is not the address of a server ({error}): use --url http://host:8080."
            ) from error
        except UnicodeEncodeError:
            raise Invalid("The key is not an API key: it has characters beyond ASCII.") from None

    def first_workspace(self) -> int:
        """Return the id of the first workspace that the key may use."""
        workspaces = self.call("GET", "/api/v1/workspaces/")["results"]
        if not workspaces:
            raise ServerError("This key can use no workspace.")
        return int(workspaces[0]["id"])

    def create_video(self, title: str, workspace: int) -> Json:
        """Create a video without a source."""
        body = {"title": title, "workspace": workspace}
        return self.call("POST", "/api/v1/videos/", json=body)

    def wait_until_playable(self, video_id: int, on_progress: Callable[[int], None]) -> Json:
        """Wait until a video plays, and return it. `on_progress` receives the per cent done.

        Raises `ServerError` with the reason if the source cannot be used.
        """
        path = f"/api/v1/videos/{video_id}/"
        while True:
            for event in self._events(f"{path}progress/"):
                on_progress(event["progress"])
                if event["failure_reason"]:
                    raise ServerError(event["failure_reason"])
                if event["status"] == "completed":
                    return self.call("GET", path)
            time.sleep(RECONNECT_SECONDS)
            self.call("GET", path)  # raises if the server is gone

    def _events(self, path: str) -> Iterator[Json]:
        """Yield the data of server-sent events until the stream ends or the connection breaks."""
        with suppress(httpx2.TransportError), self._http.stream("GET", path) as response:
            if not response.is_success:
                response.read()
                raise ServerError(refusal(response))
            for line in response.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

    def put_captions(self, video_id: int, language: str, text: bytes) -> None:
        """Add captions in a language to a video."""
        self.call("PUT", f"/api/v1/videos/{video_id}/captions/{language}/", content=text)

    def publish(self, session_id: str, title: str, tags: list[str]) -> Json:
        """Publish a video through the Publications API."""
        body = {"session_id": session_id, "title": title, "tags": tags}
        return self.call("POST", "/v1/publications/publish", json=body)

    def request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Return the response, whatever its status. Raises `httpx2.HTTPError` if there is none."""
        return self._http.request(method, path, **options)

    def call(self, method: str, path: str, **options: Any) -> Json:
        """Return the JSON of a response. Raises `ServerError` unless it is a success."""
        try:
            response = self.request(method, path, **options)
        except httpx2.HTTPError as error:
            raise ServerError(f"{self.url} does not answer ({error}).") from error
        if response.is_success:
            try:
                result: Json = response.json()
            except ValueError as error:
                raise ServerError(f"{self.url} is not a Playout: it sent no JSON.") from error
            return result
        raise ServerError(refusal(response))


def refusal(response: httpx2.Response) -> str:
    """Return the reason of an error response, as a sentence."""
    try:
        body = response.json()
    except ValueError:
        body = {}
    reason = body.get("detail") or body.get("message") or response.reason_phrase
    return f"The server answered {response.status_code}: {reason}"
