"""Where the parts of a fragmented MP4 lie: its head, its index, its segments.

The file is one that ffmpeg wrote here: fragments of ISO/IEC 14496-12 after one segment index
(`sidx`, 8.16.3) of the whole, one fragment to a segment.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.codecs import codec_of

_HEAD = 16 * 1024 * 1024
"""Bytes that are looked at: head and index of twelve hours take less than one million."""
_INSIDE = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


@dataclass(frozen=True, slots=True)
class Fragments:
    """A track in one file. Offsets are bytes from its beginning, times are ticks."""

    codecs: str
    """As RFC 6381 spells it."""
    init_end: int
    """The initialisation segment is what lies before."""
    index_end: int
    """The segment index lies between, and the first segment begins here."""
    timescale: int
    """Ticks a second."""
    start: int
    """When the first segment is presented."""
    ticks: tuple[int, ...]
    """How long each segment lasts."""
    sizes: tuple[int, ...]
    """Bytes of each segment; they follow one another without a gap."""

    @property
    def seconds(self) -> float:
        return sum(self.ticks) / self.timescale

    @property
    def longest(self) -> float:
        """Seconds of the longest segment."""
        return max(self.ticks) / self.timescale


def read_fragments(file: Path) -> Fragments:
    """The parts of that file. Raises `MediaRejected` when there is not one whole segment in it."""
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    try:
        return _parts(head)
    except (struct.error, KeyError, IndexError, ValueError) as error:
        raise MediaRejected("Playout cannot cut this video: the file is damaged.") from error


def _parts(head: bytes) -> Fragments:
    found = {kind: (start, end) for kind, start, end in _boxes(head, 0, len(head))}
    at, end = found[b"sidx"]
    timescale, start, references = _index(head[at:end])
    kind, entry = _sample_entry(head, *found[b"stsd"])
    return Fragments(
        codecs=codec_of(kind, entry),
        init_end=at - 8,
        index_end=end,
        timescale=timescale,
        start=start,
        sizes=tuple(size for size, _ in references),
        ticks=tuple(ticks for _, ticks in references),
    )


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of what each box holds, up to the index; boxes in boxes, too."""
    while at + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, at)
        if length < 8 or kind == b"moof":
            return
        yield kind, at + 8, at + length
        if kind in _INSIDE:
            yield from _boxes(data, at + 8, at + length)
        at += length


def _index(box: bytes) -> tuple[int, int, list[tuple[int, int]]]:
    """Timescale, start, and length in bytes and in ticks of each segment."""
    numbers, later = (">III", 20) if box[0] == 0 else (">IQQ", 28)
    timescale, start, _ = struct.unpack_from(numbers, box, 8)
    count = struct.unpack_from(">H", box, later + 2)[0]
    references = [struct.unpack_from(">II", box, later + 4 + 12 * n) for n in range(count)]
    if not references:
        raise ValueError("an index of nothing")
    return timescale, start, references


def _sample_entry(data: bytes, start: int, end: int) -> tuple[bytes, bytes]:
    """Kind and content of the one sample entry of a track."""
    length, kind = struct.unpack_from(">I4s", data, start + 8)
    return kind, data[start + 16 : min(start + 8 + length, end)]
