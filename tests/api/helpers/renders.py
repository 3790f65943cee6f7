"""A film with a template in a channel, and viewers of it."""

import base64
import re
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2 as httpx
from sqlalchemy import select
from starlette.testclient import TestClient

from playout.core.renders.model import RenderedSegment, SegmentUse
from playout.runtime import Runtime
from tests.api.helpers.templates_client import Templates, templates_of
from tests.api.helpers.uploads import upload
from tests.helpers.live import until
from tests.helpers.live_clips import ffmpeg
from tests.helpers.tenants import Tenant
from tests.transcode.helpers.personal import FILM

PLACE = {"x": 0.2, "y": 0.2, "width": 0.6, "height": 0.3, "size": 0.1}
MANIFEST: dict[str, Any] = {
    "version": 1,
    "fields": {
        "name": {"type": "text", "required": True, "maxLength": 40},
        "plan": {"type": "text", "default": "silver"},
    },
    "scenes": [{"id": "offer", "start": 2.3, "end": 3.3, "when": 'not {{plan}} == "bronze"'}],
    "elements": [
        {"id": "a", "type": "text", "text": "Hello {{name}}", "start": 1, "end": 2, **PLACE},
        {
            **{"id": "b", "type": "text", "text": "Gold", "start": 4, "end": 4.5, **PLACE},
            "when": '{{plan}} == "gold"',
        },
        {
            **{"id": "c", "type": "text", "text": "Bronze", "start": 3.3, "end": 3.6, **PLACE},
            "when": '{{plan}} == "bronze"',
        },
    ],
}
SECRET = "Zaphod Beeblebrox"
"""A name that stands in no log, event, URL or error."""


@cache
def film() -> bytes:
    """Six seconds of 640 by 360 with a tone."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        ffmpeg(*FILM, path)
        return path.read_bytes()


@dataclass(frozen=True)
class Renders:
    """The renders of a project whose channel DEV holds a template."""

    templates: Templates
    web: TestClient
    credential: dict[str, str]

    @property
    def path(self) -> str:
        return f"/api/Projects/{self.templates.project_id}/renders"

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the render credential."""
        pair = f"{self.credential['apiKey']}:{self.credential['apiSecret']}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def post(self, data: Any, headers: dict[str, str] | None = None) -> httpx.Response:
        body = {"channel": "DEV", "personalizationData": data}
        return self.web.post(self.path, json=body, headers=headers or self.headers)

    def create(self, **data: Any) -> "Viewer":
        answer = self.post({"name": "Ada", **data})
        assert answer.status_code == 201, answer.text
        return Viewer(self.web, answer.json())

    def delete(self, viewer: "Viewer") -> httpx.Response:
        path = f"{self.path}/{viewer.made['id']}"
        return self.web.delete(path, headers=self.headers)

    def revoke(self) -> None:
        path = f"/api/credentials/{self.credential['id']}/revoke"
        answer = self.web.post(path, headers=self.templates.tenant.headers)
        assert answer.status_code == 200, answer.text

    def with_new_credential(self) -> "Renders":
        return Renders(self.templates, self.web, new_credential(self.templates))


@dataclass(frozen=True)
class Viewer:
    """Somebody who plays the film of a render or of a share."""

    web: TestClient
    made: dict[str, Any]

    def url(self, name: str) -> str:
        return f"{self.made['playbackUrl'].rpartition('/')[0]}/{name}"

    def get(self, name: str, **headers: str) -> httpx.Response:
        return self.web.get(self.url(name), headers=headers)

    def rendered(self, rendition: str = "360p") -> list[str]:
        """The names of the segments that are rendered for this viewer."""
        return re.findall(rf"{rendition}-[0-9]+\.m4s", self.get(f"{rendition}.m3u8").text)

    def play(self, rendition: str = "360p") -> bytes:
        """Return all bytes that a player loads, joined."""
        lines = self.get(f"{rendition}.m3u8").text.splitlines()
        head = re.search('URI="(.*)",BYTERANGE="(.*)@(.*)"', "\n".join(lines))
        assert head
        loaded = [self._range(head[1], head[2], head[3])]
        place: tuple[str, str] | None = None
        for line in lines:
            if line.startswith("#EXT-X-BYTERANGE:"):
                size, _, start = line.partition(":")[2].partition("@")
                place = size, start
            elif not line.startswith("#"):
                loaded.append(self._range(line, *place) if place else self.segment(line))
                place = None
        return b"".join(loaded)

    def _range(self, name: str, size: str, start: str) -> bytes:
        last = int(start) + int(size) - 1
        answer = self.get(name, Range=f"bytes={start}-{last}")
        assert answer.status_code == 206, answer.text
        return answer.content

    def segment(self, name: str) -> bytes:
        """Return a rendered segment; a machine with much to do sends that of the base at first."""

        def drawn() -> httpx.Response | None:
            answer = self.get(name)
            assert answer.status_code == 200, answer.text
            return None if answer.headers.get("Playout-Segment") == "shared" else answer

        return until(drawn, 60, "a rendered segment").content


def renders_of(web: TestClient, tenant: Tenant) -> Renders:
    """Upload a film and a template, and wait until its base is there."""
    body = {"title": "A film", "workspace": tenant.project_id}
    video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
    templates = templates_of(web, tenant, upload(web, tenant.headers, video, film()))
    made = templates.create(manifest=MANIFEST, files=())
    assert templates.publish("DEV", made).status_code == 200
    renders = Renders(templates, web, new_credential(templates))
    until(lambda: renders.post({"name": "Ada"}).status_code == 201, 90, "the base")
    return renders


def new_credential(templates: Templates) -> dict[str, str]:
    body = {"projectId": templates.project_id}
    answer = templates.post("/api/credentials", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def shared_segment(viewer: Viewer, rendition: str, number: int) -> bytes:
    """Return the bytes of a segment of the base."""
    file = viewer.get(f"{rendition}.mp4").content
    index = file.index(b"sidx") - 4
    (length,) = struct.unpack_from(">I", file, index)
    count = (length - 32) // 12
    sizes = struct.unpack_from(f">{'III' * count}", file, index + length - 12 * count)[::3]
    start = index + length + sum(sizes[:number])
    return file[start : start + sizes[number]]


def files_of(runtime: Runtime, viewer: Viewer) -> list[Path]:
    """Return the files of the segments that were rendered for a viewer, or for others as well."""
    with runtime.database.read_session() as session:
        slug = viewer.made["posterUrl"].split("/")[-2].partition("-")[0]
        query = select(RenderedSegment.file).join(
            SegmentUse, SegmentUse.digest == RenderedSegment.digest
        )
        keys = session.scalars(query.where(SegmentUse.film == slug))
        return [runtime.storage.folder / key for key in keys]
