"""Two processes behind the nginx of the documentation: it serves nothing that was taken back."""

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from playout.kit.cache_tags import EVERYTHING
from tests.helpers.live import Founded, Live, create_video, serving, settled, until, upload
from tests.helpers.live_clips import make_clip
from tests.helpers.nginx_example import nginx_of_the_example
from tests.helpers.webhook_receiver import Receiver, receiving
from tests.pages.helpers.reader import Page

pytestmark = pytest.mark.slow
SECOND = 1.0
PURGE = "/purge"
TWO = {"PLAYOUT_PROCESSES": "2", "PLAYOUT_ENCODER_PRESET": "ultrafast"}
FORM = b'type="password"'
HAMMER = """
local paths, at = {%s}, 0
request = function() at = at %% #paths + 1; return wrk.format("GET", paths[at]) end
"""


@dataclass(frozen=True)
class Site:
    """Two processes and the nginx in front of them."""

    live: Live
    founded: Founded
    client: httpx2.Client
    front: str
    folder: Path
    purged: Receiver

    def call(self, method: str, path: str, body: object = None) -> Any:
        answer = self.client.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def draft(self, visibility: str = "public") -> dict[str, Any]:
        """A video that plays for those who may see drafts."""
        video = create_video(self.client, self.founded.project, visibility=visibility)
        upload(self.client, video["id"], self.folder / "clip.mp4")
        return settled(self.client, video["id"])

    def video(self, visibility: str = "public") -> dict[str, Any]:
        """A published video, with the path of its page as `page`."""
        path = f"/api/v1/videos/{self.draft(visibility)['id']}/"
        self.call("post", f"{path}publish/")
        video = self.call("get", path)
        return video | {"page": video["custom_url"].removeprefix(self.live.url)}

    def share(self, video: dict[str, Any]) -> tuple[str, str]:
        """The path of a share that plays a video: of its page, and in the API."""
        (project,) = self.call("get", "/api/Projects")
        path = f"/api/Projects/{project['id']}/public-video-shares/DEV"
        share = self.call("put", path, {"publicTitle": "Offer", "videoId": video["uid"]})
        if share["status"] == "Disabled":
            share = self.call("post", f"{path}/restore")
        return f"/s/{share['slug']}", path

    def addresses(self, page: str) -> list[str]:
        """The paths of a page, of its player for frames, and of what it plays."""
        html = httpx2.get(f"{self.front}{page}").text
        (source,) = Page(html).all("source")
        (player,) = Page(html).all("video")
        frame = "" if page.startswith("/l/") else f"/embed{page}"
        found = [page, frame, source["src"], player.get("data-hls"), player.get("poster")]
        return [unescape(each) for each in found if each]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    (folder / "nginx").mkdir()
    make_clip(folder / "clip.mp4")
    with receiving() as purged, serving(folder, settings=_settings(purged)) as live:
        founded = live.found("Caches")
        with live.client(founded.key) as client, ExitStack() as stack:
            port = stack.enter_context(nginx_of_the_example(folder / "nginx", live.port))
            yield Site(live, founded, client, f"http://127.0.0.1:{port}", folder, purged)


def _settings(purged: Receiver) -> dict[str, str]:
    return TWO | {"PLAYOUT_PURGE_URL": purged.url(PURGE)}


@dataclass
class Probe:
    """Asks for one address again and again; knows when it last sent a request that got a 200."""

    address: str
    last: float = 0.0
    asked: int = 0
    caught: list[Exception] = field(default_factory=list)

    def run(self, stop: threading.Event) -> None:
        with httpx2.Client(timeout=60) as client:
            while not stop.is_set():
                sent = time.monotonic()
                try:
                    answer = client.get(self.address)
                except httpx2.HTTPError as error:
                    self.caught.append(error)
                    return
                self.asked += 1
                if answer.status_code == 200 and FORM not in answer.content:
                    self.last = sent
                time.sleep(0.004)


@contextmanager
def hammered(front: str, paths: list[str], folder: Path) -> Iterator[list[Probe]]:
    """Probe these paths, while wrk, if it is installed, asks for them as fast as it can."""
    probes, stop = [Probe(f"{front}{each}") for each in paths], threading.Event()
    threads = [threading.Thread(target=each.run, args=[stop]) for each in probes]
    wrk, script = shutil.which("wrk"), folder / "hammer.lua"
    script.write_text(HAMMER % ", ".join(f'"{each}"' for each in paths))
    hammer = wrk and subprocess.Popen(
        [wrk, "-t1", "-c8", "-d60s", "-s", str(script), front], stdout=subprocess.DEVNULL
    )
    for each in threads:
        each.start()
    try:
        yield probes
    finally:
        stop.set()
        for each in threads:
            each.join()
        if hammer:
            hammer.terminate()
            hammer.wait()


Opened = tuple[str, Callable[[], object]]
"""The path of a page, and the act that takes it back; it returns when, if that is later."""


def of_video(method: str, part: str = "", body: object = None) -> Callable[[Site], Opened]:
    def way(site: Site) -> Opened:
        video = site.video()
        path = f"/api/v1/videos/{video['id']}/{part}"
        return video["page"], lambda: site.call(method, path, body)

    return way


def timed(site: Site) -> Opened:
    video = site.video()

    def act() -> float:
        end = time.time() + 2
        body = {"unpublish_at": datetime.fromtimestamp(end, UTC).isoformat()}
        site.call("patch", f"/api/v1/videos/{video['id']}/", body)
        left = end - time.time()
        at = time.monotonic() + left
        time.sleep(max(0, left))
        return at

    return video["page"], act


def guest_link(site: Site) -> Opened:
    path = f"/api/v1/videos/{site.video('private')['id']}/links/"
    link = site.call("post", path, {"name": "Guest"})
    page = urlsplit(link["url"]).path
    return page, lambda: site.call("delete", f"{path}{link['id']}/")


def of_share(verb: str) -> Callable[[Site], Opened]:
    def way(site: Site) -> Opened:
        page, path = site.share(site.draft())
        return page, lambda: site.call("post", f"{path}/{verb}")

    return way


WAYS: Mapping[str, Callable[[Site], Opened]] = {
    "unpublished": of_video("delete", "publish/"),
    "unpublished in time": timed,
    "narrowed": of_video("patch", body={"visibility": "private"}),
    "password": of_video("patch", body={"password": "quiet harbour"}),
    "deleted": of_video("delete"),
    "guest link revoked": guest_link,
    "share disabled": of_share("disable"),
    "share at a new address": of_share("rotate-slug"),
}


def longest(probes: list[Probe], took_back: float, way: str) -> float:
    """Seconds after the answer in which anything taken back was served; printed."""
    time.sleep(1.2)
    late = {each.address: max(0.0, each.last - took_back) for each in probes}
    asked = sum(each.asked for each in probes)
    print(f"{way}: {max(late.values()):.3f} s at most, {asked} requests beside those of wrk")
    assert not [each.caught for each in probes if each.caught]
    return max(late.values())


@pytest.mark.parametrize("way", WAYS)
def test_a_second_later_nothing_that_was_taken_back_is_served(way: str, site: Site) -> None:
    page, take_back = WAYS[way](site)
    paths = site.addresses(page)
    assert len(paths) >= 3
    with hammered(site.front, paths, site.folder) as probes:
        until(lambda: all(each.last for each in probes), 60, "each is served")
        at = take_back()
        took_back = at if isinstance(at, float) else time.monotonic()
        assert longest(probes, took_back, way) < SECOND


class TestPurges:
    def test_the_worker_tells_within_a_second_what_a_change_of_any_process_drops(
        self, site: Site
    ) -> None:
        video = site.video()
        answer = httpx2.get(f"{site.live.url}{video['page']}")
        assert answer.headers["surrogate-control"] == "max-age=300"
        tags = set(answer.headers["surrogate-key"].split()) - {EVERYTHING}
        time.sleep(0.5)
        before = len(site.purged.at(PURGE))
        site.call("delete", f"/api/v1/videos/{video['id']}/publish/")
        (purge, *_) = site.purged.wait(before + 1, PURGE, SECOND)[before:]
        assert tags & set(purge.message["tags"])


class TestExample:
    def test_it_answers_most_requests_without_playout(self, site: Site) -> None:
        page = site.video()["page"]
        with httpx2.Client(base_url=site.front) as client:
            answers = [client.get(page) for _ in range(200)]
        ids = {each.headers["x-request-id"] for each in answers}
        assert {each.status_code for each in answers} == {200}
        assert len(ids) <= 20, "each page that Playout renders has an id of its own"

    def test_it_hides_the_tags_and_answers_conditions(self, site: Site) -> None:
        answer = httpx2.get(f"{site.front}/")
        assert not {"surrogate-key", "cache-tag", "surrogate-control"} & answer.headers.keys()
        assert answer.headers["content-encoding"] == "gzip"
        headers = {"If-None-Match": answer.headers["etag"], "Accept-Encoding": "gzip"}
        assert httpx2.get(f"{site.front}/", headers=headers).status_code == 304

    def test_what_is_for_one_viewer_is_never_kept_for_another(self, site: Site) -> None:
        page = site.video("org")["page"]
        key = {"Authorization": f"Bearer {site.founded.key}"}
        with httpx2.Client(base_url=site.front) as client:
            for _ in range(20):
                assert client.get(page, headers=key).status_code == 200
                assert client.get(page).status_code == 404
