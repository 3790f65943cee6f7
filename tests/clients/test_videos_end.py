"""Every source is played from its beginning to its end, and looks and sounds as it should.

One server makes all renditions of many small clips. The tests read what it serves.
"""

from collections.abc import Iterator
from typing import Any

import av
import httpx2
import pytest
from playwright.sync_api import Browser

from tests.clients.helpers.ends import Clip, watch_to_the_end
from tests.clients.helpers.entered import published_videos
from tests.clients.helpers.odd_sources import MAKERS, SOUNDS_OF_TOPS
from tests.clients.helpers.served import HERTZ, combed, greys, hertz, level, samples, square_sides
from tests.clients.helpers.source_streams import Rendition, renditions
from tests.helpers.live import Founded, Live, serving

pytestmark = pytest.mark.slow
SETTINGS = {"PLAYOUT_LADDER_CONCURRENCY": "2", "PLAYOUT_ENCODER_PRESET": "ultrafast"}
PATIENCE = 240.0
SHORTEST, SILENT = 0.5, -60
A_MOMENT = 0.01
"""Seconds by which the source may begin its segments later: its sound begins before its picture."""
LENGTHS = [
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
CLIPS = {clip.name: clip.make for clip in LENGTHS} | MAKERS
WATCHED = [
    *(clip.name for clip in LENGTHS),
    *("later.mkv", "short-sound.mp4", "short-picture.mp4", "late-picture.mkv"),
    *("joined.ts", "damaged.ts"),
]
"""The videos that are watched to their end."""
SECONDS = {
    "late.mkv": 2.3,
    "later.mkv": 6.5,
    "short-sound.mp4": 9,
    "short-picture.mp4": 7,
    "late-picture.mkv": 3.2,
    "hole.mp4": 12,
    "lie.mkv": 8,
    "lie-short.mp4": 8,
    "empty-audio.mkv": 3,
    "empty-audio.mp4": 3,
    "joined.ts": 4,
    "joined.vob": 4,
    "raw.dv": 1,
}
COPIED_MONO = Clip(4).name
COLOURED = ["sd.mp4", "hd.mp4", "rgb.mov", "jpeg.avi"]
PATCH = (0x3C, 0x78, 0x40)
COLOUR_OF = """async (address) => {
  const video = document.createElement('video');
  video.muted = true;
  video.src = address;
  document.body.append(video);
  const shown = new Promise((done, fail) => {
    video.requestVideoFrameCallback(done);
    video.onerror = () => fail(video.error.message);
  });
  await video.play();
  await shown;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [16, 16];
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, 16, 16);
  video.remove();
  return [...context.getImageData(8, 8, 1, 1).data].slice(0, 3);
}"""
Streams = dict[str, list[Rendition]]


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
    return published_videos(live, acme, client, CLIPS, folder, PATIENCE)


@pytest.fixture(scope="module")
def streams(client: httpx2.Client, videos: dict[str, Any]) -> Streams:
    return {name: renditions(client, video["hls_url"]) for name, video in videos.items()}


@pytest.fixture
def pictures(streams: Streams, name: str) -> list[Rendition]:
    return [each for each in streams[name] if not each.is_sound]


def sound_of(streams: Streams, name: str) -> Rendition:
    [sound] = [each for each in streams[name] if each.is_sound]
    return sound


class TestEveryVideo:
    def test_is_played_to_its_end(self, chromium: Browser, videos: dict[str, Any]) -> None:
        pages = {name: videos[name]["custom_url"] for name in WATCHED}
        states = dict(zip(pages, watch_to_the_end(chromium, list(pages.values())), strict=True))
        good = {"hasEnded": True, "isAdaptive": True, "error": None}
        assert {
            name: state for name, state in states.items() if not good.items() <= state.items()
        } == {}

    @pytest.mark.parametrize("name", CLIPS)
    def test_covers_the_same_time_from_0_in_all_renditions(
        self, streams: Streams, name: str
    ) -> None:
        lengths = [sum(each.lengths) for each in streams[name]]
        assert max(lengths) - min(lengths) <= 0.1
        for each in streams[name]:
            assert len(each.lengths) == 1 or each.lengths[-1] >= SHORTEST, each.name
            assert b"elst" not in each.content[: each.head]
            assert each.first_shown() == 0, each.name

    @pytest.mark.parametrize("name", CLIPS)
    def test_has_the_same_segments_in_all_pictures(self, pictures: list[Rendition]) -> None:
        first, *others = (each.starts for each in pictures)
        for starts in others:
            assert starts == pytest.approx(first, abs=A_MOMENT)

    @pytest.mark.parametrize("name", CLIPS)
    def test_tells_its_colours_in_all_renditions(self, pictures: list[Rendition]) -> None:
        for each in pictures:
            with each.open() as container:
                frame = next(container.decode(video=0))
            tags = frame.color_primaries, frame.color_trc, frame.colorspace
            assert 2 not in {int(tag) for tag in tags}, each.name
            assert frame.color_range == av.video.reformatter.ColorRange.MPEG


class TestTop:
    @pytest.mark.parametrize("name", SOUNDS_OF_TOPS)
    def test_is_the_source_itself_whatever_it_sounds_like(
        self, streams: Streams, name: str
    ) -> None:
        assert {each.name for each in streams[name] if not each.is_sound} == {"240p", "copy"}
        for side in samples(sound_of(streams, name)):
            assert hertz(side) == pytest.approx(440, rel=0.02)
            assert len(side) / HERTZ == pytest.approx(4, abs=0.1)


class TestLength:
    @pytest.mark.parametrize("name", SECONDS)
    def test_is_that_of_what_can_be_played(self, streams: Streams, name: str) -> None:
        assert sum(streams[name][0].lengths) == pytest.approx(SECONDS[name], abs=0.1)


class TestSound:
    @pytest.mark.parametrize(
        ("name", "loud", "silent"),
        [
            ("late.mkv", (0.9, 2.1), (0, 0.7)),
            ("later.mkv", (5.1, 6.3), (0, 4.9)),
            ("short-sound.mp4", (0.1, 1.9), (2.1, 8.9)),
            ("hole.mp4", (1, 3.9), (4.2, 7.9)),
        ],
    )
    def test_is_silent_where_the_source_has_none(
        self, streams: Streams, name: str, loud: tuple[float, float], silent: tuple[float, float]
    ) -> None:
        left, _ = samples(sound_of(streams, name))
        assert level(left, *loud) > SILENT / 2
        assert level(left, *silent) < SILENT

    def test_of_two_mono_tracks_is_left_and_right(self, streams: Streams) -> None:
        left, right = samples(sound_of(streams, "two-mono.mov"))
        assert hertz(left) == pytest.approx(400, abs=10)
        assert hertz(right) == pytest.approx(900, abs=10)

    def test_of_one_channel_is_as_loud_encoded_as_copied(self, streams: Streams) -> None:
        encoded, copied = (
            samples(sound_of(streams, name))[1] for name in ("mono.mkv", COPIED_MONO)
        )
        assert level(encoded, 0.5, 1.5) == pytest.approx(level(copied, 0.5, 1.5), abs=0.5)

    @pytest.mark.parametrize("name", ["empty-audio.mkv", "empty-audio.mp4"])
    def test_without_a_packet_is_no_sound(self, streams: Streams, name: str) -> None:
        assert not any(each.is_sound for each in streams[name])


class TestPicture:
    def test_keeps_a_square_square_where_its_size_changes(self, streams: Streams) -> None:
        for time, *picture in greys(streams["changing.ts"][0]):
            width, height = square_sides(*picture)
            assert width == pytest.approx(height, abs=2), time

    def test_is_cropped_as_its_container_says(self, streams: Streams) -> None:
        _, width, height, _ = next(greys(streams["crop.mkv"][-1]))
        assert width / height == pytest.approx(640 / 240, rel=0.01)

    @pytest.mark.parametrize("name", ["alpha.mov", "alpha.webm"])
    def test_lies_on_black_where_it_is_transparent(self, streams: Streams, name: str) -> None:
        *_, grey = next(greys(streams[name][0]))
        assert grey[len(grey) // 2] == pytest.approx(126, abs=8)

    def test_is_combed_nowhere(self, streams: Streams) -> None:
        shares = [combed(*picture) for _, *picture in list(greys(streams["mixed.ts"][0]))[::7]]
        assert sum(shares) / len(shares) < 0.001

    @pytest.mark.parametrize("name", ["recording.mkv", "fragmented.mp4"])
    def test_keeps_thirty_frames_a_second(
        self, client: httpx2.Client, videos: dict[str, Any], name: str
    ) -> None:
        assert "FRAME-RATE=30.000" in client.get(videos[name]["hls_url"]).text

    def test_of_high_range_becomes_that_of_ordinary_screens(self, streams: Streams) -> None:
        for each in streams["pq.mkv"]:
            if each.name == "copy":
                continue  # it keeps its range, for screens that show it
            with each.open() as container:
                frame = next(container.decode(video=0))
            assert [int(frame.color_primaries), int(frame.color_trc), int(frame.colorspace)] == [
                1
            ] * 3

    @pytest.mark.parametrize("name", COLOURED)
    def test_has_the_same_colours_in_all_renditions(
        self, chromium: Browser, videos: dict[str, Any], streams: Streams, name: str
    ) -> None:
        page = chromium.new_page()
        page.goto(videos[name]["custom_url"])
        for each in streams[name]:
            found = page.evaluate(COLOUR_OF, each.url)
            assert found == pytest.approx(PATCH, abs=4), each.name
        page.close()
