"""Files that were joined end to end last as long as their parts, and stay in step."""

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median

import av
import pytest

from playout.transcode.encode.encode import EncodeRequest, encode
from playout.transcode.encode.ladder import ladder_for
from playout.transcode.encode.package import make_playable
from playout.transcode.inspect.packets import Packets, list_packets
from playout.transcode.inspect.probe import Probe, probe
from playout.transcode.inspect.restarts import gap_options
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import Ffmpeg

pytestmark = pytest.mark.slow
PART = 3.0
# Black for a second, then white.
PICTURE = ("-f", "lavfi", "-i", f"color=white:s=128x72:r=25:d={PART:g},fade=st=0.96:d=0.04")
SOUND = ("-f", "lavfi", "-i", f"sine=r=48000:d={PART:g}")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25")
MPEG2 = ("-c:v", "mpeg2video", "-g", "12")
KINDS = [
    ("ts", H264, "ac3", ("0", "1"), 2),
    ("ts", H264, "eac3", ("1", "0"), 3),
    ("vob", MPEG2, "ac3", ("0", "1"), 3),
    ("vob", MPEG2, "mp2", ("1", "0"), 2),
]
MakeJoined = Callable[..., Path]


@pytest.fixture
def joined(ffmpeg: Ffmpeg, tmp_path: Path) -> MakeJoined:
    def make(container: str, *options: str, parts: int = 2, later: float = 0) -> Path:
        part, whole = (tmp_path / f"{name}.{container}" for name in ("part", "whole"))
        output = ("-f", "mpegts" if container == "ts" else "vob")
        for number in range(parts):
            ffmpeg(
                *PICTURE, *SOUND, *options, "-output_ts_offset", f"{number * later}", *output, part
            )
            with whole.open("ab") as file:
                file.write(part.read_bytes())
        return whole

    return make


def streams_of(source: Path, found: Probe, tools: Tools) -> list[Packets]:
    """Return the packets as all later commands read them."""
    assert found.audio
    picture, options = (found.video.index, found.video.codec), gap_options(found.longest_gap)
    sound = [found.audio.index]
    packets = list_packets(source, found.container, picture, sound, tools, options=options)
    return [packets.video, *packets.audio]


def longest_step(packets: Packets) -> float:
    return max(after - before for before, after in pairwise(sorted(packets.times)))


def turns_white_at(file: Path) -> list[float]:
    with av.open(os.fspath(file)) as container:
        lights = [
            (float(frame.time), bytes(frame.planes[0])[0] > 128)
            for frame in container.decode(video=0)
        ]
    return [time for (_, was), (time, light) in pairwise(lights) if light and not was]


class TestProbe:
    @pytest.mark.parametrize(("container", "picture", "sound", "order", "parts"), KINDS)
    def test_joined_file_lasts_as_long_as_its_parts_without_a_gap(
        self,
        container: str,
        picture: tuple[str, ...],
        sound: str,
        order: tuple[str, str],
        parts: int,
        joined: MakeJoined,
        tools: Tools,
    ) -> None:
        maps = [part for each in order for part in ("-map", each)]
        source = joined(container, *maps, *picture, "-c:a", sound, parts=parts)
        found = probe(source, tools)
        assert found.seconds == pytest.approx(parts * PART, abs=0.06 * parts)
        streams = streams_of(source, found, tools)
        assert all(longest_step(each) < 0.1 for each in streams)
        assert streams[0].end == pytest.approx(streams[1].end, abs=0.1)

    @pytest.mark.parametrize("parts", [1, 2])
    def test_hole_in_the_sound_stays_silence_of_its_length(
        self, parts: int, joined: MakeJoined, tools: Tools
    ) -> None:
        hole = r"noise=drop=between(pts*tb\,0.5\,2.5)"
        source = joined("ts", *H264, "-c:a", "mp2", "-bsf:a", hole, parts=parts)
        found = probe(source, tools)
        assert found.seconds == pytest.approx(parts * PART, abs=0.1)
        sound = streams_of(source, found, tools)[1]
        steps = [after - before for before, after in pairwise(sorted(sound.times))]
        holes = [step for step in steps if step > 10 * median(steps)]
        assert holes == pytest.approx([2.0] * parts, abs=0.05)

    def test_file_that_is_not_joined_is_read_as_ffmpeg_reads_it(
        self, joined: MakeJoined, tools: Tools
    ) -> None:
        found = probe(joined("ts", *H264, "-c:a", "ac3", parts=1), tools)
        assert (found.is_joined, found.longest_gap) == (False, None)


class TestEncode:
    @pytest.mark.parametrize("later", [0, 60])
    def test_all_renditions_of_a_joined_file_show_the_same_at_the_same_time(
        self, later: float, joined: MakeJoined, job: Path, tools: Tools
    ) -> None:
        sound = ("-map", "1", "-map", "0", "-c:a", "ac3")
        source = joined("ts", *sound, *H264, parts=4, later=later)
        found = probe(source, tools)
        make_playable(source, found, job, tools)
        request = EncodeRequest(ladder_for(found.video)[:1], preset="ultrafast")
        [rung] = encode(source, found, request, job, tools).tracks
        first, later = turns_white_at(job / "video.mp4"), turns_white_at(rung.file)
        assert len(first) == 4
        assert later == pytest.approx(first, abs=0.045)
