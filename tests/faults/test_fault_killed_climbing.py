"""A worker dies, or sleeps past its claim, in the middle of a rendition: another one finishes."""

import contextlib
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.faults.helpers.workers import Player, start_worker
from tests.helpers.forked import Forked
from tests.helpers.live import Founded, Live, create_video, settled, until, upload
from tests.helpers.live_clips import H264, make_clip

pytestmark = pytest.mark.slow
PATIENCE = 60.0
LADDER = (
    "SELECT ladder, ladder_claim FROM assets JOIN videos ON asset_id = assets.id"
    " WHERE videos.id = %s"
)
ADDED = (
    "SELECT count(*) FROM renditions JOIN videos ON videos.asset_id = renditions.asset_id"
    " WHERE videos.id = %s"
)
SLOW, QUICK = "slow", "ultrafast"
"""Presets: one worker is found in the middle of its work, and another is soon done with it."""
Start = Callable[[str, str], Forked]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip that is copied, and of which every rendition takes a moment."""
    clip = tmp_path_factory.mktemp("clips") / "moving.mp4"
    return make_clip(clip, *H264, size="854x480", seconds=8, sound=False)


@pytest.fixture
def start(live: Live) -> Iterator[Start]:
    """Starts workers, which end with the test."""
    started: list[Forked] = []

    def start(name: str, preset: str) -> Forked:
        started.append(start_worker(live, name, preset))
        return started[-1]

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(30)


def enter(live: Live, acme: Founded, clip: Path) -> dict[str, Any]:
    """A video that plays, and whose ladder waits for a worker."""
    with live.client(acme.key) as client:
        video = create_video(client, acme.project)
        assert upload(client, video["id"], clip).status_code == 200
        return settled(client, video["id"])


def climbing(live: Live, video: dict[str, Any]) -> str:
    """The claim of the worker that is in the middle of a rendition."""

    def claim() -> str | None:
        ((state, claim),) = live.rows(LADDER, video["id"])
        return claim if state == "working" and live.ffmpeg_processes() else None

    return until(claim, PATIENCE, "a rendition under way")


def finished(live: Live, video: dict[str, Any]) -> bool:
    return live.rows(LADDER, video["id"])[0][0] == "ready"


class TestKilled:
    def test_another_worker_finishes_and_no_half_of_anything_is_served(
        self, live: Live, acme: Founded, clip: Path, start: Start
    ) -> None:
        video = enter(live, acme, clip)
        with Player(video["hls_url"]) as player:
            first = start("first", SLOW)
            climbing(live, video)
            first.kill()
            first.wait()
            until(lambda: not live.ffmpeg_processes(), 20, "the end of what the dead had started")
            start("second", QUICK)
            until(lambda: finished(live, video), PATIENCE, "the whole ladder")
        assert player.faults == []
        assert player.seen[0] == ["copy"]
        assert set(player.seen[-1]) == {"240p", "360p", "480p"}


def locked_folders(pid: int, parent: Path) -> list[Path]:
    """Return the scratch folders of a process: it holds a file of each of them open."""
    opened = (Path(file.path) for file in psutil.Process(pid).open_files())
    return [file.parent for file in opened if file.parent.parent == parent]


class TestWokenLate:
    def test_what_it_made_is_refused(
        self, live: Live, acme: Founded, clip: Path, start: Start
    ) -> None:
        video = enter(live, acme, clip)
        sleeper = start("sleeper", SLOW)
        claim = climbing(live, video)
        sleeper.send_signal(signal.SIGSTOP)
        start("successor", QUICK)
        until(lambda: finished(live, video), PATIENCE, "the whole ladder")
        before = live.rows(ADDED, video["id"])
        folders = locked_folders(sleeper.pid, live.data_dir / "work")
        assert folders
        sleeper.send_signal(signal.SIGCONT)
        # It hears that it lost its claim; or its transaction, if it was stopped within one.
        until(lambda: not any(each.exists() for each in folders), PATIENCE, "its end")
        assert live.rows(ADDED, video["id"]) == before
        assert live.rows("SELECT id FROM renditions WHERE folder LIKE %s", f"%{claim}") == []
        assert finished(live, video)
