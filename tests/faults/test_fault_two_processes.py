"""Two servers on one data folder: what is revoked through one stops at the other in a second."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from tests.helpers.live import Founded, Live, create_video, publish, settled, upload
from tests.helpers.live_clips import make_clip

pytestmark = pytest.mark.slow
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def other(live: Live) -> Iterator[Live]:
    other = Live(live.data_dir)
    other.start()
    yield other
    if other.process is not None:
        other.stop()


@pytest.fixture
def published(live: Live, acme: Founded, tmp_path: Path) -> dict[str, str]:
    with live.client(acme.key) as client:
        video = create_video(client, acme.project)
        upload(client, video["id"], make_clip(tmp_path / "clip.mp4", seconds=1))
        assert settled(client, video["id"])["status"] == "completed"
        return publish(client, video["session_id"])


class Watcher:
    """Asks for an address over and over and notes when it was last there."""

    def __init__(self, server: Live, path: str, key: str = "") -> None:
        self.server, self.path, self.key = server, path, key
        self.last_there: datetime | None = None
        self.gone_with = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Watcher":
        self._thread.start()
        while self.last_there is None and self._thread.is_alive():
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(timeout=3)
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        with self.server.client(self.key) as client:
            while not self._stop.wait(0.01):
                asked_at = datetime.now(UTC)
                answer = client.get(self.path)
                if answer.status_code != 200:
                    self.gone_with = answer.status_code
                    return
                self.last_there = asked_at


class TestRevokedThroughTheOther:
    def test_page_and_media_file_stop(
        self, live: Live, other: Live, acme: Founded, published: dict[str, str]
    ) -> None:
        page, file = (httpx2.URL(published[name]).path for name in ("page_url", "video_url"))
        with Watcher(other, page) as at_page, Watcher(other, file) as at_file:
            with live.client(acme.key) as client:
                path = f"/v1/publications/session/{published['session_id']}"
                assert client.delete(path).status_code == 200
            revoked_at = datetime.now(UTC)
        for watcher in (at_page, at_file):
            assert watcher.last_there is not None
            assert watcher.gone_with == 404
            assert watcher.last_there - revoked_at < SECOND

    def test_key_stops_at_both(self, live: Live, other: Live, acme: Founded) -> None:
        named = ("--name", "Short-lived", "--role", "Viewer")
        key = live.told("keys", "create", *named)
        path, secret = "/api/v1/workspaces/", key["key"]
        with Watcher(live, path, secret) as here, Watcher(other, path, secret) as there:
            live.told("keys", "revoke", str(key["id"]))
        [[revoked_at]] = live.rows("SELECT revoked_at FROM keys WHERE id = %s", key["id"])
        for watcher in (here, there):
            assert watcher.last_there is not None
            assert watcher.gone_with == 401
            assert watcher.last_there - revoked_at < SECOND


class TestChangedThroughTheOther:
    def test_answers_in_memory_are_dropped(self, live: Live, other: Live, acme: Founded) -> None:
        with live.client(acme.key) as here, other.client(acme.key) as there:
            video = create_video(here, acme.project, title="Before")
            path = f"/api/v1/videos/{video['id']}/"
            for _ in range(10):
                assert there.get(path).json()["title"] == "Before"
            assert here.patch(path, json={"title": "After"}).is_success
            deadline = time.monotonic() + SECOND.total_seconds()
            while there.get(path).json()["title"] != "After":
                assert time.monotonic() < deadline


class TestOneOfTwoKilled:
    def test_the_other_goes_on_with_the_database(
        self, live: Live, other: Live, acme: Founded
    ) -> None:
        live.kill()
        with other.client(acme.key) as client:
            assert create_video(client, acme.project)["status"] == "not_started"
        live.start()
        with live.client(acme.key) as client:
            assert client.get("/api/v1/workspaces/").status_code == 200
