"""Renditions show the colours of their source, whatever it says of them."""

from pathlib import Path

import av
import pytest

from playout.transcode.encode.encode import EncodeRequest, encode
from playout.transcode.encode.ladder import ladder_for
from playout.transcode.inspect.colours import Colours
from playout.transcode.inspect.probe import probe
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import Ffmpeg

pytestmark = pytest.mark.slow

PQ_CODES = {10: 0.2997, 50: 0.4403, 186: 0.5716, 1000: 0.7518}
"""The signal of PQ (SMPTE ST 2084) for some nits, as a share of its range."""
REFERENCE = {10: 73, 50: 138, 186: 195, 1000: 242}
"""The least value of 255 for these nits: that of ITU-R BT.2390 with white paper at 203 nits, for a
source whose brightest light is not told."""


def grey_of(file: Path) -> float:
    """Return the red of a grey picture, from 0 to 255."""
    with av.open(str(file)) as container:
        frame = next(container.decode(video=0))
    assert [int(tag) for tag in (frame.color_primaries, frame.color_trc, frame.colorspace)] == [
        1
    ] * 3
    return (bytes(frame.planes[0])[0] - 16) * 255 / 219


class TestToneMapping:
    @pytest.mark.parametrize("nits", PQ_CODES)
    def test_is_no_darker_than_the_reference(
        self, nits: int, ffmpeg: Ffmpeg, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        code = round((PQ_CODES[nits] * 219 + 16) * 4)
        source = tmp_path / "pq.mkv"
        grey = f"geq=lum={code}:cb=512:cr=512"
        tags = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
        ffmpeg(
            *("-f", "lavfi", "-i", f"color=s=64x36:r=25:d=0.2,format=yuv420p10le,{grey}"),
            *("-c:v", "libx265", "-x265-params", f"log-level=1:{tags}", source),
        )
        found = probe(source, tools)
        assert found.video.is_hdr
        request = EncodeRequest(ladder_for(found.video), preset="ultrafast")
        [track] = encode(source, found, request, job, tools).tracks
        assert grey_of(track.file) >= REFERENCE[nits] - 2
        assert grey_of(track.file) <= 255


class TestColours:
    @pytest.mark.parametrize(
        ("tags", "is_hd", "expected"),
        [
            ((2, 2, 2), True, Colours(1, 1, 1)),
            ((2, 2, 2), False, Colours(6, 6, 6)),
            ((2, 2, 5), False, Colours(5, 6, 5)),
            ((1, 2, 2), False, Colours(1, 1, 1)),
            ((2, 16, 2), False, Colours(9, 16, 9)),
            ((9, 18, 9), True, Colours(9, 18, 9)),
        ],
    )
    def test_what_is_not_told_is_what_is_usual(
        self, tags: tuple[int, int, int], is_hd: bool, expected: Colours
    ) -> None:
        assert Colours.resolved(*tags, is_full_range=False, is_hd=is_hd) == expected
