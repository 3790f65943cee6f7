"""The client of a running server, for `playout publish` and `playout videos`."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Annotated, Any

import httpx2
import typer

from playout.kit.errors import Invalid, PlayoutError
from playout.kit.text import first_spellings, tag_form

RECONNECT_SECONDS = 0.5
"""Pause before a broken event stream is opened again."""

Json = dict[str, Any]
"""A JSON object that an API answered."""
ServerUrl = Annotated[str, typer.Option(envvar="PLAYOUT_URL", help="Address of the server.")]
ApiKey = Annotated[str, typer.Option(envvar="PLAYOUT_KEY", help="API key.")]


class ServerError(PlayoutError):
    """A server that refused a request, or did not answer. The message says why."""

    code = "server_error"

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        """The HTTP status, if the server answered."""


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

    @classmethod
    def of(cls, url: str, key: str) -> "Client":
        """Return a client. Raises `Invalid` without a key."""
        if not key:
            raise Invalid("A key is needed: use --key, or set PLAYOUT_KEY in the environment.")
        return cls(url, key)

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
        """Wait until a video plays, and return it. `on_progress` receives the percentage done.

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

    def put_poster(self, video_id: int, picture: bytes) -> None:
        """Set the poster of a video."""
        self.call("PUT", f"/api/v1/videos/{video_id}/poster/", content=picture)

    def update_video(self, video_id: int, fields: Json) -> Json:
        """Change fields of a video."""
        return self.call("PATCH", f"/api/v1/videos/{video_id}/", json=fields)

    def videos(self, search: str | None, limit: int) -> list[Json]:
        """Return videos of the organization, newest first."""
        query: Json = {"page_size": limit} | ({"search": search} if search else {})
        results: list[Json] = self.call("GET", "/api/v1/videos/", params=query)["results"]
        return results

    def delete_video(self, video_id: int) -> None:
        """Delete a video, and unpublish it at once."""
        self.call("DELETE", f"/api/v1/videos/{video_id}/")

    def tag_ids(self, names: Sequence[str]) -> list[int] | None:
        """Return the ids of tags. Those that the organization lacks are created.

        Return None if the key may not create one: it is confined to projects or a sub-account.
        """
        stripped = filter(None, (name.strip() for name in names))
        wanted = {tag_form(name): name for name in first_spellings(stripped)}
        known: dict[str, int] = {}
        page = 1
        while not known.keys() >= wanted.keys():
            listed = self.call("GET", "/api/v1/tags/", params={"page": page, "page_size": 100})
            known |= {tag_form(tag["name"]): int(tag["id"]) for tag in listed["results"]}
            if not listed["next"]:
                break
            page += 1
        for form, name in wanted.items():
            if form not in known:
                try:
                    known[form] = int(self.call("POST", "/api/v1/tags/", json={"name": name})["id"])
                except ServerError as error:
                    if error.status == 403:
                        return None
                    raise
        return [known[form] for form in wanted]

    def publish(self, session_id: str, fields: Json) -> Json:
        """Publish a video for everybody through the Publications API."""
        body = {"session_id": session_id, **fields}
        return self.call("POST", "/v1/publications/publish", json=body)

    def publish_with_own_visibility(self, video_id: int) -> Json:
        """Publish a video for everyone its visibility allows, through the Videos API."""
        return self.call("POST", f"/api/v1/videos/{video_id}/publish/", json={})

    def edit_publication(self, session_id: str, fields: Json) -> Json:
        """Change fields of a publication."""
        return self.call("POST", "/v1/publications/edit", json={"session_id": session_id, **fields})

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
                result: Json = response.json() if response.content else {}
            except ValueError as error:
                raise ServerError(
                    f"{self.url} is not a Playout server: it sent no JSON."
                ) from error
            return result
        raise ServerError(refusal(response), response.status_code)


def refusal(response: httpx2.Response) -> str:
    """Return the reason of an error response, as a sentence."""
    try:
        body = response.json()
    except ValueError:
        body = {}
    reason = body.get("detail") or body.get("message") or response.reason_phrase
    return f"The server answered {response.status_code}: {reason}"
