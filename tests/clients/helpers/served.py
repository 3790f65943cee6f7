"""What is to be seen and heard in served renditions, measured in decoded pictures and samples."""

import math
from array import array
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise

import av

from tests.clients.helpers.source_streams import Rendition

HERTZ = 48000


def samples(sound: Rendition) -> tuple[array, array]:
    """The left and the right channel, at 48,000 Hz; a single one is heard on both sides."""
    sides = array("f"), array("f")
    with av.open(BytesIO(sound.content)) as container:
        channels = container.streams.audio[0].channels
        resampler = av.AudioResampler("fltp", "mono" if channels == 1 else "stereo", HERTZ)
        for heard in container.decode(audio=0):
            for frame in resampler.resample(heard):
                for number, side in enumerate(sides):
                    plane = frame.planes[number % channels]
                    side.frombytes(bytes(plane)[: frame.samples * 4])
    return sides


def level(side: Sequence[float], start: float, end: float) -> float:
    """The level between two times, in decibels below full scale."""
    part = side[round(start * HERTZ) : round(end * HERTZ)]
    assert len(part) > 0
    square = sum(each * each for each in part) / len(part)
    return 10 * math.log10(max(square, 1e-12))


def hertz(side: Sequence[float]) -> float:
    """The frequency of a tone."""
    ups = sum(a < 0 <= b for a, b in pairwise(side))
    return ups * HERTZ / len(side)


def greys(picture: Rendition) -> Iterator[tuple[float, int, int, bytes]]:
    """Time, width, height and luminance of each picture."""
    with picture.open() as container:
        for frame in container.decode(video=0):
            plane = frame.planes[0]
            lines = bytes(plane)
            packed = b"".join(
                lines[line * plane.line_size :][: frame.width] for line in range(frame.height)
            )
            yield float(frame.pts * frame.time_base), frame.width, frame.height, packed


def square_sides(width: int, height: int, grey: bytes) -> tuple[int, int]:
    """Width and height of what is white in a black picture."""
    white = [number for number, each in enumerate(grey) if each > 128]
    columns, lines = {each % width for each in white}, {each // width for each in white}
    return len(columns), len(lines)


def combed(width: int, height: int, grey: bytes) -> float:
    """The share of pixels that differ from both neighbours above and below in the same way."""
    count = 0
    for at in range(width, width * (height - 1)):
        above, here, below = grey[at - width], grey[at], grey[at + width]
        count += (here - above > 40 and here - below > 40 and abs(above - below) < 10) or (
            above - here > 40 and below - here > 40 and abs(above - below) < 10
        )
    return count / (width * height)
