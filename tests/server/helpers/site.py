"""Two processes behind a cache of the documentation, with what can be published there."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx2

from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.main import opened
from playout.runtime import Runtime
from playout.settings import Settings
from tests.helpers.live import (
    Founded,
    Live,
    create_video,
    free_port,
    serving,
    settled,
    until,
    upload,
)
from tests.helpers.live_clips import make_clip
from tests.helpers.nginx_example import nginx_of_the_example
from tests.helpers.varnish_example import varnish_of_the_example
from tests.helpers.webhook_receiver import Receiver, receiving
from tests.pages.helpers.reader import Page
from tests.pages.helpers.stored_video import store_copy
from tests.server.helpers.hammering import Asked

PURGE = "/purge"
PATIENCE = 60.0
SETTINGS = {
    **{"PLAYOUT_PROCESSES": "2", "PLAYOUT_ENCODER_PRESET": "ultrafast"},
    "PLAYOUT_LADDER_CONCURRENCY": "1",  # the bases of films wait for ladders
}


@dataclass(frozen=True)
class Site:
    """Two processes and the cache in front of them."""

    live: Live
    runtime: Runtime
    founded: Founded
    client: httpx2.Client
    front: str
    folder: Path
    processed: UUID
    """The video whose files all others have as well."""
    purged: Receiver | None = None
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def call(self, method: str, path: str, body: object = None) -> Any:
        def answered() -> list[httpx2.Response]:
            answer = self.client.request(method, path, json=body)
            return [] if answer.status_code == 503 else [answer]

        (answer,) = until(answered, PATIENCE, "a server that is not too busy")
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def act(self, act: Callable[..., Any], *arguments: object, **named: object) -> Any:
        """Carry out a use case as the operator, in a process of its own."""
        with self.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            return act(unit, *arguments, **named)

    def draft(self, workspace: int | None = None, **fields: Any) -> dict[str, Any]:
        """A video that plays for those who may see drafts."""
        number = next(self.numbers)
        fields = {"title": f"Quiet harbour {number}", "visibility": "public"} | fields
        video = create_video(self.client, workspace or self.founded.project, **fields)
        store_copy(self.runtime, UUID(video["uid"]), of=self.processed)
        return video

    def video(self, workspace: int | None = None, **fields: Any) -> dict[str, Any]:
        """A published video, with the path of its page as `page`."""
        path = f"/api/v1/videos/{self.draft(workspace, **fields)['id']}/"
        self.call("post", f"{path}publish/")
        video = self.call("get", path)
        page = video["custom_url"].removeprefix(self.live.url)
        return video | {"page": page, "path": path}

    def project(self) -> "Project":
        """A new project."""
        (first, *_) = self.call("get", "/api/Projects")
        name = f"Spring {next(self.numbers)}"
        body = {"name": name, "organizationId": first["organizationId"]}
        made = self.call("post", "/api/Projects", body)
        found = self.call("get", "/api/v1/workspaces/?page_size=100")["results"]
        (workspace,) = [each["id"] for each in found if each["name"] == name]
        return Project(f"/api/Projects/{made['id']}", workspace)

    def share(self) -> "Share":
        """A landing page in a project of its own."""
        project = self.project()
        share = Share(self, project, self.draft(project.workspace))
        share.put()
        return share

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        return httpx2.get(f"{self.front}{path}", headers=dict(headers or {}), timeout=60)

    def player(self, page: str, headers: Mapping[str, str] | None = None) -> dict[str, str]:
        """The attributes of the player of a page, and the `src` of its MP4."""
        html = Page(self.get(page, headers).text)
        (player,) = html.all("video")
        found = {**player, "src": html.film()["src"]}
        return {name: unescape(text) for name, text in found.items() if text}

    def played(self, page: str, headers: Mapping[str, str] | None = None) -> list[Asked]:
        """What a page plays: the MP4, the playlist of its renditions, and one of these."""
        player = self.player(page, headers)
        lists = [player["data-hls"], *self.renditions(player["data-hls"])]
        return [Asked(each) for each in (player["src"], *lists)]

    def renditions(self, playlist: str) -> list[str]:
        """The paths of the renditions that a playlist lists."""
        lines, folder = self.get(playlist).text.splitlines(), urlsplit(playlist).path
        named = [each for each in lines if each and not each.startswith("#")]
        return [f"{folder.rpartition('/')[0]}/{each}" for each in named[:1]]

    def shown(self, page: str, headers: Mapping[str, str] | None = None) -> list[Asked]:
        """A page, its player for frames, and what it plays."""
        frames = [] if page.startswith("/l/") or headers else [Asked(f"/embed{page}")]
        return [Asked(page, headers or {}), *frames, *self.played(page, headers)]


@dataclass(frozen=True)
class Project:
    """The path of a project in the API, and its id as a workspace."""

    path: str
    workspace: int


@dataclass(frozen=True)
class Share:
    """The landing page of a project in the channel DEV."""

    site: Site
    project: Project
    video: Mapping[str, Any]

    @property
    def path(self) -> str:
        return f"{self.project.path}/public-video-shares/DEV"

    @property
    def page(self) -> str:
        (share,) = self.site.call("get", self.path.rpartition("/")[0])
        return f"/s/{share['slug']}"

    def put(self, **fields: Any) -> None:
        body = {"publicTitle": "Offer", "videoId": self.video["uid"]} | fields
        self.site.call("put", self.path, body)

    def post(self, verb: str) -> None:
        self.site.call("post", f"{self.path}/{verb}")

    def archive_project(self) -> None:
        self.site.call("post", f"{self.project.path}/archive")


@contextmanager
def behind_nginx(folder: Path) -> Iterator[Site]:
    """Run all of it on a new data folder. Purges go to a receiver."""
    (folder / "nginx").mkdir()
    with (
        receiving() as purged,
        _served(folder, purged.url(PURGE)) as (live, runtime),
        nginx_of_the_example(folder / "nginx", live.port) as port,
        _site(live, runtime, f"http://127.0.0.1:{port}", folder, purged) as site,
    ):
        yield site


@contextmanager
def behind_varnish(folder: Path) -> Iterator[Site]:
    """Run all of it on a new data folder, with Varnish, which gets the purges."""
    (folder / "varnish").mkdir()
    port = free_port()
    front = f"http://127.0.0.1:{port}"
    with (
        _served(folder, f"{front}{PURGE}") as (live, runtime),
        varnish_of_the_example(folder / "varnish", port, live.port),
        _site(live, runtime, front, folder) as site,
    ):
        yield site


@contextmanager
def _served(folder: Path, purge_url: str) -> Iterator[tuple[Live, Runtime]]:
    settings = SETTINGS | {"PLAYOUT_PURGE_URL": purge_url}
    with (
        serving(folder, settings=settings) as live,
        opened(Settings(data_dir=live.data_dir)) as runtime,
    ):
        yield live, runtime


@contextmanager
def _site(
    live: Live, runtime: Runtime, front: str, folder: Path, purged: Receiver | None = None
) -> Iterator[Site]:
    founded = live.found("Caches")
    with live.client(founded.key) as client:
        video = create_video(client, founded.project)
        upload(client, video["id"], make_clip(folder / "clip.mp4"))
        processed = UUID(settled(client, video["id"])["uid"])
        yield Site(live, runtime, founded, client, front, folder, processed, purged)
