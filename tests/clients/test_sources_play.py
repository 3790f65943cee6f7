"""Whatever teams bring plays in a browser, and every rendition of it is as the source was."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser

from tests.clients.helpers.entered import published_videos
from tests.clients.helpers.source_kinds import KINDS, Kind
from tests.clients.helpers.source_streams import Rendition, renditions
from tests.clients.helpers.viewer_tab import Tab, opened_tab
from tests.helpers.live import Founded, Live, serving

pytestmark = pytest.mark.slow
SETTINGS = {"PLAYOUT_LADDER_CONCURRENCY": "1", "PLAYOUT_ENCODER_PRESET": "ultrafast"}
PATIENCE = 120.0
IN_STEP = 0.040
EACH = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("sources"), settings=SETTINGS) as live:
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
    """Each source, published, with all that was made of it."""
    makers, folder = {kind.name: kind.make for kind in KINDS}, tmp_path_factory.mktemp("kinds")
    return published_videos(live, acme, client, makers, folder, PATIENCE)


@pytest.fixture(scope="module")
def streams(client: httpx2.Client, videos: dict[str, Any]) -> dict[str, list[Rendition]]:
    return {name: renditions(client, video["hls_url"]) for name, video in videos.items()}


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[Tab]:
    with opened_tab(chromium) as tab:
        yield tab


class TestRenditions:
    @EACH
    def test_have_its_shape_its_length_and_its_rate(
        self, streams: dict[str, list[Rendition]], kind: Kind
    ) -> None:
        pictures = [each for each in streams[kind.name] if not each.is_sound]
        assert kind.top in {each.name for each in pictures}
        for each in pictures:
            with each.open() as container:
                stream = container.streams.video[0]
                width, height = stream.width, stream.height
                assert width / height == pytest.approx(kind.shape[0] / kind.shape[1], rel=0.02)
                assert float(stream.average_rate) in {kind.rate, kind.rate / 2}
                assert stream.codec_context.pix_fmt == "yuv420p"
            assert sum(each.lengths) == pytest.approx(kind.seconds, abs=1.01 / kind.rate)

    @EACH
    def test_begin_their_segments_together_on_key_frames(
        self, streams: dict[str, list[Rendition]], kind: Kind
    ) -> None:
        pictures = [each for each in streams[kind.name] if not each.is_sound]
        assert len({tuple(each.starts) for each in pictures}) == 1
        assert all(each.segments_begin_with_key_frames() for each in pictures)
        assert all(length <= 2.5 for length in pictures[0].lengths)

    @pytest.mark.parametrize("kind", [each for each in KINDS if each.claps], ids=lambda k: k.name)
    def test_keep_picture_and_sound_in_step(
        self, streams: dict[str, list[Rendition]], kind: Kind
    ) -> None:
        pictures = [each for each in streams[kind.name] if not each.is_sound]
        [sound] = [each for each in streams[kind.name] if each.is_sound]
        beep = sound.beeps_at()
        for each in pictures:
            late = each.flashes_at() - beep
            assert abs(late) <= max(IN_STEP, 1 / kind.rate), each.name


class TestPages:
    @EACH
    def test_play_it_upright_and_to_its_length(
        self,
        live: Live,
        acme: Founded,
        client: httpx2.Client,
        tab: Tab,
        videos: dict[str, Any],
        kind: Kind,
    ) -> None:
        video = videos[kind.name]
        project = client.get("/api/Projects").json()
        shares = f"/api/Projects/{_only(project)['id']}/public-video-shares"
        body = {"publicTitle": kind.name, "videoId": video["uid"]}
        share = client.put(f"{shares}/PROD", json=body)
        assert share.is_success, share.text
        for address in (video["custom_url"], share.json()["publicUrl"]):
            facts = tab.play(address)
            assert facts["error"] is None
            width, height = facts["size"]
            assert width / height == pytest.approx(kind.shape[0] / kind.shape[1], rel=0.02)
            assert facts["duration"] == pytest.approx(kind.seconds, abs=1.01 / kind.rate + 0.06)
        assert tab.complaints == []


def _only(answer: Any) -> dict[str, Any]:
    [one] = answer["items"] if isinstance(answer, dict) else answer
    return one
