"""A short film, its base, and renditions of it as a viewer gets them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate, pairwise
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from playout.transcode.inspect.probe import probe
from playout.transcode.personal.base import Base, BaseTrack, encode_base, frames_of_segments
from playout.transcode.personal.headers import Header, read_header
from playout.transcode.personal.pictures import Place
from playout.transcode.personal.segment import Drawn, render_segment
from playout.transcode.sandbox.tools import Tools

RANGES = [(0.0, 0.5), (2.0, 3.1), (4.9, 6.0)]
FILM = (
    *("-f", "lavfi", "-i", "testsrc2=s=640x360:r=30:d=6"),
    *("-f", "lavfi", "-i", "sine=f=440:d=6"),
    *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-pix_fmt", "yuv420p"),
    *("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"),
    *("-color_range", "tv", "-c:a", "aac"),
)
LayerOf = Callable[[int], Drawn | None]


@dataclass(frozen=True)
class Box:
    """A rectangle of one colour, which is seen through in part."""

    box: tuple[int, int, int, int] = (200, 120, 160, 64)
    colour: tuple[int, int, int, int] = (150, 40, 0, 180)
    """Red, green and blue times alpha, and alpha."""

    @property
    def rgba(self) -> bytes:
        return bytes(self.colour) * (self.box[2] * self.box[3])

    @property
    def digest(self) -> str:
        return repr(self)


def make_base(
    source: Path, folder: Path, tools: Tools, scenes: Sequence[tuple[float, float]] = ()
) -> Base:
    folder.mkdir()
    return encode_base(source, probe(source, tools), RANGES, folder, tools, scenes=scenes)


@dataclass
class Film:
    """One rendition of a base, in bytes."""

    base: Base
    rendition: BaseTrack

    def __post_init__(self) -> None:
        self.content = self.rendition.track.file.read_bytes()
        fragments = self.rendition.track.fragments
        self.head = self.content[: fragments.init_end]
        self.header: Header = read_header(self.head)
        ends = list(accumulate(fragments.sizes, initial=fragments.index_end))
        self.shared = [self.content[a:b] for a, b in pairwise(ends)]
        frames = frames_of_segments(fragments, self.rendition.pictures.fps)
        self.places = [Place(number, *each) for number, each in enumerate(frames)]
        self.touched = [number for number, cut in enumerate(self.base.cuts) if cut.is_touched]

    def mezzanine(self, number: int) -> bytes:
        assert self.rendition.mezzanine
        assert self.rendition.mezzanine_fragments
        content, layout = self.rendition.mezzanine.read_bytes(), self.rendition.mezzanine_fragments
        ends = list(accumulate(layout.sizes, initial=layout.index_end))
        index = self.touched.index(number)
        return content[: layout.init_end] + content[ends[index] : ends[index + 1]]

    def rendered(self, number: int, layer_of: LayerOf) -> list[bytes]:
        """Return the fragments of a touched segment."""
        place = self.places[number]
        mezzanine = self.mezzanine(number)
        return list(
            render_segment(self.rendition.pictures, self.header, place, mezzanine, layer_of)
        )

    def segments(self, layer_of: LayerOf) -> list[bytes]:
        """Return all segments: shared ones, and rendered ones where the film is touched."""
        return [
            b"".join(self.rendered(number, layer_of)) if number in self.touched else shared
            for number, shared in enumerate(self.shared)
        ]


def packet_times(film: bytes) -> list[tuple[int, int]]:
    """Return when each picture is shown and when it is decoded, in ticks."""
    with av.open(BytesIO(film)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        return [(int(packet.pts), int(packet.dts)) for packet in packets]


def pictures(film: bytes | Path) -> list[NDArray[np.uint8]]:
    """Return all pictures, in brightness and colour, with rows of chroma below those of luma."""
    with av.open(BytesIO(film) if isinstance(film, bytes) else str(film)) as container:
        return [frame.to_ndarray(format="yuv420p") for frame in container.decode(video=0)]


def ssim(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    """Return the structural similarity of two planes, in blocks of eight by eight."""
    one, two = (_blocks(each.astype(np.float64)) for each in (first, second))
    means = one.mean(-1), two.mean(-1)
    variances = one.var(-1), two.var(-1)
    covariance = ((one - means[0][..., None]) * (two - means[1][..., None])).mean(-1)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    likeness = (2 * means[0] * means[1] + c1) * (2 * covariance + c2)
    bound = (means[0] ** 2 + means[1] ** 2 + c1) * (variances[0] + variances[1] + c2)
    return float((likeness / bound).mean())


def _blocks(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    rows, columns = (side // 8 * 8 for side in plane.shape)
    cut = plane[:rows, :columns].reshape(rows // 8, 8, columns // 8, 8)
    return cut.swapaxes(1, 2).reshape(rows // 8, columns // 8, 64)
