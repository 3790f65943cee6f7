"""The layout of a fragmented MP4: its initialization segment, its index and its segments.

ffmpeg wrote the file for Playout. Its fragments (ISO/IEC 14496-12) follow a single segment index
(`sidx`, 8.16.3) of the whole file. A segment is one fragment; the last may be several, see
`encode/segment_index.py`.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.codecs import codec_string

_HEAD_BYTES = 16 * 1024 * 1024
"""The part of the file that is read. Initialization segment and index of twelve hours of video
take less than one million bytes."""
_PARENT_BOXES = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


@dataclass(frozen=True, slots=True)
class Fragments:
    """The layout of one track in one file.

    Offsets are bytes from the beginning of the file, and times are ticks.
    """

    codecs: str
    """The codec as RFC 6381 spells it."""
    init_end: int
    """The end of the initialization segment, which begins at `init_start`."""
    index_end: int
    """The end of the segment index. It begins at `init_end`, and the first segment begins here."""
    timescale: int
    """Ticks per second."""
    start: int
    """The time at which the first segment is presented."""
    ticks: tuple[int, ...]
    """The duration of each segment."""
    sizes: tuple[int, ...]
    """Bytes of each segment; they follow one another without a gap."""
    init_start: int = 0
    """The beginning of the initialization segment, if the file contains more than this track."""
    padding: tuple[int, ...] = ()
    """Bytes at the end of each segment that belong to no segment of this track; () for none."""
    key_sizes: tuple[int, ...] = ()
    """Bytes from the beginning of each segment to the end of its first picture; () for audio."""

    @property
    def media_sizes(self) -> tuple[int, ...]:
        """Bytes of each segment that a player needs."""
        if not self.padding:
            return self.sizes
        return tuple(a - b for a, b in zip(self.sizes, self.padding, strict=True))

    @property
    def seconds(self) -> float:
        """The duration of all segments together."""
        return sum(self.ticks) / self.timescale

    @property
    def longest_seconds(self) -> float:
        """The duration of the longest segment."""
        return max(self.ticks) / self.timescale


def read_fragments(file: Path) -> Fragments:
    """Return the layout of that file. Raise `MediaRejected` unless it has one whole segment."""
    with file.open("rb") as opened:
        head = opened.read(_HEAD_BYTES)
    try:
        return _fragments(head)
    except (struct.error, KeyError, IndexError, ValueError) as error:
        raise MediaRejected("Playout cannot cut this video: the file is damaged.") from error


def _fragments(head: bytes) -> Fragments:
    boxes = {kind: (start, end) for kind, start, end in _boxes(head, 0, len(head))}
    start, end = boxes[b"sidx"]
    index = _parse_sidx(head[start:end])
    kind, entry = _sample_entry(head, *boxes[b"stsd"])
    return Fragments(
        codecs=codec_string(kind, entry),
        init_end=start - 8,
        index_end=end,
        timescale=index.timescale,
        start=index.start,
        sizes=tuple(size for size, _ in index.references),
        ticks=tuple(ticks for _, ticks in index.references),
    )


def _boxes(data: bytes, offset: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, start and end of each box's content, also in parent boxes, up to `moof`."""
    while offset + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, offset)
        if length < 8 or kind == b"moof":
            return
        yield kind, offset + 8, offset + length
        if kind in _PARENT_BOXES:
            yield from _boxes(data, offset + 8, offset + length)
        offset += length


@dataclass(frozen=True, slots=True)
class _SegmentIndex:
    timescale: int
    start: int
    references: list[tuple[int, int]]
    """Bytes and ticks of each segment."""


def _parse_sidx(content: bytes) -> _SegmentIndex:
    is_version_0 = content[0] == 0
    fields, references_at = (">III", 20) if is_version_0 else (">IQQ", 28)
    timescale, start, _ = struct.unpack_from(fields, content, 8)
    count = struct.unpack_from(">H", content, references_at + 2)[0]
    first = references_at + 4
    references = [struct.unpack_from(">II", content, first + 12 * n) for n in range(count)]
    if not references:
        raise ValueError("the segment index is empty")
    return _SegmentIndex(timescale, start, references)


def _sample_entry(data: bytes, start: int, end: int) -> tuple[bytes, bytes]:
    """Return type and content of the track's only sample entry, which is in `stsd`."""
    length, kind = struct.unpack_from(">I4s", data, start + 8)
    return kind, data[start + 16 : min(start + 8 + length, end)]
