"""The storage has room, but the folder in which videos are made has not."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.faults.helpers.disks import MIB, NOISY, left_on, needs_mounts, on_small_disk
from tests.helpers.live import Founded, Live, create_video, settled, upload
from tests.helpers.live_clips import H264, make_clip

pytestmark = [needs_mounts, pytest.mark.slow]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with on_small_disk(tmp_path_factory.mktemp("full"), "work", 6) as live:
        yield live


class TestScratchFull:
    def _assert_says_so(
        self, live: Live, acme: Founded, source: Path | None = None, **fields: str
    ) -> None:
        with live.client(acme.key) as client:
            video = create_video(client, acme.project, **fields)
            if source is not None:
                assert upload(client, video["id"], source).status_code == 200
            told = settled(client, video["id"])
        assert told["status"] == "failed"
        assert "no room" in told["failure_reason"] or "full" in told["failure_reason"]
        assert left_on(live, "work") == []

    def test_a_source_that_does_not_fit_fails_and_the_reason_says_so(
        self, live: Live, acme: Founded, clip: Path
    ) -> None:
        self._assert_says_so(live, acme, clip)

    def test_the_same_when_it_is_fetched_from_an_address(
        self, live: Live, acme: Founded, clip: Path
    ) -> None:
        here = partial(SimpleHTTPRequestHandler, directory=str(clip.parent))
        with ThreadingHTTPServer(("127.0.0.1", 0), here) as elsewhere:
            threading.Thread(target=elsewhere.serve_forever).start()
            try:
                url = f"http://127.0.0.1:{elsewhere.server_port}/{clip.name}"
                self._assert_says_so(live, acme, source_url=url)
            finally:
                elsewhere.shutdown()

    def test_a_result_that_does_not_fit_fails_and_the_reason_says_so(
        self, live: Live, acme: Founded, tmp_path: Path
    ) -> None:
        # There is room for the source, but not for a copy of its streams beside it.
        source = make_clip(tmp_path / "noisy.mp4", *H264, "-b:v", "9M", seconds=2, **NOISY)
        assert 3.2 * MIB < source.stat().st_size < 5.5 * MIB
        self._assert_says_so(live, acme, source)

    def test_a_small_one_is_made_all_the_same(
        self, live: Live, acme: Founded, tmp_path: Path
    ) -> None:
        with live.client(acme.key) as client:
            video = create_video(client, acme.project)
            upload(client, video["id"], make_clip(tmp_path / "small.mp4", seconds=1))
            assert settled(client, video["id"])["status"] == "completed"
