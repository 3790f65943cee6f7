"""Every length of video ends in a browser: nothing waits for a last segment that never comes."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser

from tests.clients.helpers.ends import Clip, watch_to_the_end
from tests.clients.helpers.source_streams import Rendition, renditions
from tests.helpers.live import Founded, Live, create_video, publish, serving, until, upload

pytestmark = pytest.mark.slow
SETTINGS = {"PLAYOUT_LADDER_CONCURRENCY": "1", "PLAYOUT_ENCODER_PRESET": "superfast"}
UNDONE = "SELECT count(*) FROM assets WHERE ladder IS NULL OR ladder IN ('waiting', 'working')"
SHORTEST = 0.5
CLIPS = [
    Clip(241 / 30, rate=30),
    Clip(242 / 30, rate=30, hertz=None),
    Clip(8.2, rate=5),
    Clip(4),
    Clip(4, hertz=None),
    Clip(6, hertz=44100),
    Clip(8.01, hertz=44100),
    Clip(8.04),
    Clip(8.08, hertz=None),
    Clip(4.04, ending="ts"),
]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("ends"), settings=SETTINGS) as live:
        yield live


@pytest.fixture(scope="module")
def acme(live: Live) -> Founded:
    return live.found("Acme")


@pytest.fixture(scope="module")
def client(live: Live, acme: Founded) -> Iterator[httpx2.Client]:
    with live.client(acme.key) as client:
        yield client


@pytest.fixture(scope="module")
def videos(
    live: Live, acme: Founded, client: httpx2.Client, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """Each clip, published, with all of its renditions."""
    folder = tmp_path_factory.mktemp("clips")
    ids = {}
    for clip in CLIPS:
        video = create_video(client, acme.project, title=clip.name)
        assert upload(client, video["id"], clip.make(folder)).status_code == 200
        ids[clip.name] = video["id"]
    until(lambda: live.rows(UNDONE) == [(0,)], 120, "every ladder")
    found = {name: client.get(f"/api/v1/videos/{one}/").json() for name, one in ids.items()}
    for name, video in found.items():
        assert (video["status"], video["failure_reason"]) == ("completed", None), name
        publish(client, video["session_id"])
    return {name: client.get(f"/api/v1/videos/{one}/").json() for name, one in ids.items()}


@pytest.fixture(scope="module")
def streams(client: httpx2.Client, videos: dict[str, Any]) -> dict[str, list[Rendition]]:
    return {name: renditions(client, video["hls_url"]) for name, video in videos.items()}


EACH = pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)


class TestEveryLength:
    def test_is_played_to_its_end(self, chromium: Browser, videos: dict[str, Any]) -> None:
        pages = {name: video["custom_url"] for name, video in videos.items()}
        states = watch_to_the_end(chromium, list(pages.values()))
        assert all(state["source"] == "blob:" for state in states)
        assert {
            name: state
            for name, state in zip(pages, states, strict=True)
            if not state["hasEnded"] or state["error"]
        } == {}

    @EACH
    def test_has_no_short_last_segment(
        self, streams: dict[str, list[Rendition]], clip: Clip
    ) -> None:
        for each in streams[clip.name]:
            assert len(each.lengths) == 1 or each.lengths[-1] >= SHORTEST, each.name

    @EACH
    def test_begins_at_0_without_an_edit_list(
        self, streams: dict[str, list[Rendition]], clip: Clip
    ) -> None:
        for each in streams[clip.name]:
            assert b"elst" not in each.content[: each.head]
            assert each.first_shown() == 0, each.name

    @EACH
    def test_lasts_as_long_in_picture_and_sound(
        self, streams: dict[str, list[Rendition]], clip: Clip
    ) -> None:
        lengths = [sum(each.lengths) for each in streams[clip.name]]
        assert max(lengths) - min(lengths) <= 0.1
