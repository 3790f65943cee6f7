"""The stage of a scenario: an organization with a video, a share in each channel, and addresses."""

import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from starlette.testclient import TestClient

from tests.helpers.live_clips import make_clip
from tests.helpers.tenants import Tenant

Json = dict[str, Any]
CHANNELS = ("DEV", "STAGING", "PROD")
FIRST, SECOND = "First", "Second"
"""The titles that a video has: the one it is entered with, and the one it is given by an act."""


@dataclass
class Scene:
    """What acts change and readers look at."""

    web: TestClient
    tenant: Tenant
    project: Json
    first_addresses: dict[str, str]
    """Of the landing page in each channel."""
    video: Json = field(default_factory=dict)
    """As the Videos API told it when it was entered."""
    page: str = ""
    """Its watch page, once it was out."""
    link: str = ""
    """The address of its file that was given out while it was a draft, grant and all."""
    marks: list[int] = field(default_factory=list)
    """The number of the newest row of the ledger before the act."""

    @property
    def share_path(self) -> str:
        return f"/api/Projects/{self.project['id']}/public-video-shares"

    @property
    def file(self) -> str:
        """The address of its file, without any grant."""
        return urlsplit(self.link)._replace(query="").geturl()

    def title(self, which: str) -> str:
        """A title that no other scene has."""
        return f"{which} {self.tenant.organization.slug}"

    def which(self, text: str) -> str:
        """Which of the titles stands in there."""
        found = [which for which in (FIRST, SECOND) if self.title(which) in text]
        return " and ".join(found) or "nothing"

    def ask(self, method: str, path: str, body: object = None, **options: Any) -> httpx2.Response:
        sent = {"json": body} if body is not None else options
        return self.web.request(method, path, headers=self.tenant.headers, **sent)

    def do(self, method: str, path: str, body: object = None, **options: Any) -> Any:
        """Ask for what has to succeed; return the JSON of the answer."""
        answer = self.ask(method, path, body, **options)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def detail(self) -> Json:
        video: Json = self.do("GET", f"/api/v1/videos/{self.video['id']}/")
        return video

    def enter(self) -> None:
        """Enter the video, without a source, through the Videos API."""
        body = {"title": self.title(FIRST), "workspace": self.tenant.project_id}
        self.video = self.do("POST", "/api/v1/videos/", body)

    def upload(self) -> None:
        """Give it its source and wait until it plays."""
        path = f"/api/v1/videos/{self.video['id']}/source/"
        self.do("PUT", path, content=clip())
        deadline = time.monotonic() + 60
        while self.detail()["status"] != "completed":
            assert time.monotonic() < deadline, self.detail()
            time.sleep(0.03)
        self.link = self.detail()["video"]

    def mark(self) -> None:
        """What happened so far is not the act's."""
        events = self.do("GET", "/api/v1/events/?page_size=1")["results"]
        self.marks.append(events[0]["id"] if events else 0)


def set_stage(web: TestClient, tenant: Tenant) -> Scene:
    """A new organization's project, with a share in each channel, which plays nothing yet."""
    (project,) = web.get("/api/Projects", headers=tenant.headers).json()
    scene = Scene(web, tenant, project, {})
    for channel in CHANNELS:
        told = scene.do("PUT", f"{scene.share_path}/{channel}", {"publicTitle": "An offer"})
        scene.first_addresses[channel] = told["publicUrl"]
    return scene


@cache
def clip() -> bytes:
    """A second of video that browsers play as it is."""
    with tempfile.TemporaryDirectory() as folder:
        return make_clip(Path(folder) / "clip.mp4", size="160x90", seconds=1).read_bytes()
