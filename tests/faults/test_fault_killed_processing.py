"""The server is killed, or asked to end, while it makes videos playable."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.live import Founded, Live, create_video, serving, settled, until, upload
from tests.helpers.live_clips import make_heavy_clip

pytestmark = pytest.mark.slow

WORKING = "SELECT id, claim FROM assets WHERE stage = 'encoding'"
CLAIM = "SELECT claim, state FROM assets WHERE id = %s"
TAKEN_OVER_SECONDS = 20.0
STOPPED_SECONDS = 25.0
HANDED_BACK_SECONDS = 9.0
"""Sooner than a worker that says nothing is taken for dead."""
PRESET = "PLAYOUT_ENCODER_PRESET"
SLOW, QUICK = {PRESET: "slow"}, {PRESET: "ultrafast"}
"""A server is found in the middle of its work, and is soon done with it after its restart."""


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_heavy_clip(tmp_path_factory.mktemp("clips") / "heavy.mkv", seconds=8)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("faults"), settings=SLOW) as live:
        yield live


@pytest.fixture
def live(server: Live) -> Live:
    """A server that encodes slowly; it is started again as one that does not."""
    if server.settings != SLOW:
        server.stop()
        server.settings = SLOW
        server.start()
    server.settings = QUICK
    return server


@pytest.fixture(scope="module")
def acme(server: Live) -> Founded:
    return server.found("Acme")


def accept(live: Live, acme: Founded, clip: Path, count: int) -> list[int]:
    """Upload that many videos, and wait until the first are being encoded."""
    ids = []
    with live.client(acme.key) as client:
        for number in range(count):
            video = create_video(client, acme.project, title=f"Heavy {number}")
            assert upload(client, video["id"], clip).status_code == 200
            ids.append(video["id"])
    until(lambda: live.rows(WORKING) and live.ffmpeg_processes(), 30, "encoding")
    return ids


def assert_completed(live: Live, acme: Founded, ids: list[int]) -> None:
    with live.client(acme.key) as client:
        for video_id in ids:
            video = settled(client, video_id, 90)
            assert (video["status"], video["failure_reason"]) == ("completed", None)
            assert client.get(video["video"]).status_code == 200
    until(lambda: not list((live.data_dir / "work").iterdir()), 180, "the end of their ladders")


def taken_again(live: Live, claims: dict[str, str]) -> bool:
    """Whether all those assets are in other hands now."""
    rows = [live.rows(CLAIM, asset)[0] for asset in claims]
    return all(
        state == "ready" or (state == "working" and claim != before)
        for (claim, state), before in zip(rows, claims.values(), strict=True)
    )


@pytest.mark.slow
class TestKilledWhileProcessing:
    def test_every_accepted_video_becomes_completed_by_itself(
        self, live: Live, acme: Founded, clip: Path
    ) -> None:
        ids = accept(live, acme, clip, 2)
        claims = dict(live.rows(WORKING))
        live.kill()
        until(lambda: not live.ffmpeg_processes(), 20, "the end of what the dead had started")
        assert list((live.data_dir / "work").iterdir()) != []
        live.start()
        ready = time.monotonic()
        until(lambda: taken_again(live, claims), TAKEN_OVER_SECONDS, "jobs taken over")
        print(f"taken over after {time.monotonic() - ready:.1f} s")
        assert_completed(live, acme, ids)
        assert live.ffmpeg_processes() == []


@pytest.mark.slow
class TestStoppedWhileProcessing:
    def test_work_is_handed_back_and_done_after_the_restart(
        self, live: Live, acme: Founded, clip: Path
    ) -> None:
        ids = accept(live, acme, clip, 2)
        claims = dict(live.rows(WORKING))
        took = live.stop()
        assert took < STOPPED_SECONDS
        assert live.ffmpeg_processes() == []
        assert live.postgres_processes() == []
        live.start()
        ready = time.monotonic()
        until(lambda: taken_again(live, claims), HANDED_BACK_SECONDS, "jobs taken again")
        print(f"stopped in {took:.1f} s, taken again after {time.monotonic() - ready:.1f} s")
        assert_completed(live, acme, ids)

    def test_nor_is_a_video_to_blame_when_all_processes_are_asked_to_end(
        self, live: Live, acme: Founded, clip: Path
    ) -> None:
        ids = accept(live, acme, clip, 2)
        assert live.stop_all() == 0
        until(lambda: not live.ffmpeg_processes(), 5, "the end of ffmpeg")
        live.start()
        assert_completed(live, acme, ids)
