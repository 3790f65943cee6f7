"""Dolby Vision: its base layer plays; without one, no false colours are shown."""

from pathlib import Path

import av
import pytest

from playout.transcode.inspect.probe import probe
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import Ffmpeg
from tests.transcode.helpers.dolby_vision import metadata, with_metadata
from tests.transcode.helpers.tracks import make_package

pytestmark = pytest.mark.slow
ORANGE = ("-f", "lavfi", "-i", "color=0xC06020:s=128x72:r=25:d=0.4")
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le")


@pytest.fixture
def orange(ffmpeg: Ffmpeg, tmp_path: Path) -> bytes:
    """Return a stream of HEVC in which everything is orange."""
    stream = tmp_path / "orange.hevc"
    ffmpeg(*ORANGE, *HEVC, "-x265-params", "log-level=1:range=full:bframes=0", stream)
    return stream.read_bytes()


def movie(stream: bytes, rpu: bytes, ffmpeg: Ffmpeg, folder: Path) -> Path:
    raw, target = folder / "vision.hevc", folder / "vision.mp4"
    raw.write_bytes(with_metadata(stream, rpu))
    ffmpeg("-r", "25", "-i", raw, "-c", "copy", target)
    return target


class TestDolbyVision:
    def test_without_a_base_layer_it_is_encoded_in_grey(
        self, orange: bytes, ffmpeg: Ffmpeg, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        source = movie(orange, metadata(0, is_full_range=True), ffmpeg, tmp_path)
        [picture] = make_package(source, job, tools).tracks
        assert picture.name == "240p"
        with av.open(str(picture.file)) as container:
            frame = next(container.decode(video=0))
        red, green, blue = frame.to_ndarray(format="rgb24")[36, 64]
        assert max(red, green, blue) - min(red, green, blue) <= 3

    def test_with_a_base_layer_that_one_is_copied(
        self, orange: bytes, ffmpeg: Ffmpeg, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        source = movie(orange, metadata(1, is_full_range=False), ffmpeg, tmp_path)
        video = probe(source, tools).video
        assert (video.has_dolby_vision, video.lacks_base_layer) == (True, False)
        [picture] = make_package(source, job, tools).tracks
        assert picture.name == "copy"
        with av.open(str(picture.file)) as container:
            kinds = {each.type.name for each in next(container.decode(video=0)).side_data}
        assert not any("DOVI" in each for each in kinds)
