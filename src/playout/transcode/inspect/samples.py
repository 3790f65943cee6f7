"""The samples of a fragmented MP4: every picture, or piece of sound, with its time and its place.

ffmpeg wrote the file for Playout, so each fragment is a `moof` with one `traf`, and a `mdat` that
contains its samples in one row (ISO/IEC 14496-12, 8.8).
"""

import struct
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import accumulate, pairwise
from pathlib import Path
from typing import BinaryIO

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.fragments import Fragments

_NOT_SYNC = 0x10000
_BOX_HEADER = 8
_COLUMNS = (0x100, 0x200, 0x400, 0x800)
"""The flags by which a `trun` has durations, sizes, flags and shifts, in this order."""


@dataclass(slots=True)
class Samples:
    """The samples of one track, in the order in which they are decoded."""

    sizes: "array[int]" = field(default_factory=lambda: array("I"))
    times: "array[int]" = field(default_factory=lambda: array("q"))
    """The ticks at which they are presented."""
    sync: "array[int]" = field(default_factory=lambda: array("I"))
    """The numbers, from 1, of the samples that can be decoded without others."""
    starts: "array[int]" = field(default_factory=lambda: array("Q"))
    """The place of the first sample of each fragment, in bytes from the beginning of the file."""
    firsts: "array[int]" = field(default_factory=lambda: array("I"))
    """The number, from 0, of the first sample of each fragment."""
    end: int = 0
    """The ticks at which a sample after the last one would be decoded."""

    def places(self) -> "array[int]":
        """Return the place of each sample, in bytes from the beginning of the file."""
        places = array("Q")
        bounds = pairwise([*self.firsts, len(self.sizes)])
        for start, (first, end) in zip(self.starts, bounds, strict=True):
            places.extend(accumulate(self.sizes[first : end - 1], initial=start))
        return places


def read_samples(file: Path, fragments: Fragments) -> Samples:
    """Return the samples of a track. Raise `MediaRejected` if the file is damaged."""
    with file.open("rb") as opened:
        return _read(opened, fragments.index_end, file.stat().st_size)


def segment_samples(segment: bytes) -> Samples:
    """Return the samples of a segment alone. Raise `MediaRejected` if it is damaged."""
    return _read(BytesIO(segment), 0, len(segment))


def key_picture_sizes(fragments: Fragments, samples: Samples) -> tuple[int, ...]:
    """Return, for each segment, the bytes from its beginning to the end of its key picture."""
    first_ends = {
        start + samples.sizes[first]
        for start, first in zip(samples.starts, samples.firsts, strict=True)
    }
    ends, sizes, offset = sorted(first_ends), [], fragments.index_end
    index = 0
    for size in fragments.sizes:
        while ends[index] <= offset:
            index += 1
        sizes.append(ends[index] - offset)
        offset += size
    return tuple(sizes)


def _read(file: BinaryIO, start: int, end: int) -> Samples:
    samples = Samples()
    try:
        for place, moof in _moofs(file, start, end):
            _add_fragment(samples, place, moof)
    except (struct.error, KeyError, IndexError, ValueError) as error:
        raise MediaRejected("Playout cannot cut this video: the file is damaged.") from error
    return samples


def _moofs(file: BinaryIO, offset: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield place and content of each `moof`. The file is then at the end of its `mdat`."""
    while offset < end:
        file.seek(offset)
        length, kind = struct.unpack(">I4s", file.read(_BOX_HEADER))
        if kind != b"moof" or length < _BOX_HEADER:
            raise ValueError("there is no fragment where one has to be")
        moof = file.read(length - _BOX_HEADER)
        mdat_length, mdat_kind = struct.unpack(">I4s", file.read(_BOX_HEADER))
        if mdat_kind != b"mdat" or mdat_length < _BOX_HEADER:
            raise ValueError("a fragment has no media data")
        file.seek(mdat_length - _BOX_HEADER, 1)
        yield offset, moof
        offset = file.tell()


def _add_fragment(samples: Samples, start: int, moof: bytes) -> None:
    """Add the samples of the fragment whose `moof` begins at `start`."""
    boxes = dict(_boxes(moof, 0, len(moof)))
    decoding = _decode_time(boxes[b"tfdt"])
    duration, size, flags = _defaults(boxes[b"tfhd"])
    run = _read_run(boxes[b"trun"])
    numbered = len(samples.sizes)
    samples.starts.append(start + run.data_offset)
    samples.firsts.append(numbered)
    samples.sizes.extend(run.sizes or [size] * run.count)
    for number in range(run.count):
        shift = run.shifts[number] if run.shifts else 0
        samples.times.append(decoding + (shift - 2**32 if shift >= 2**31 else shift))
        decoding += run.durations[number] if run.durations else duration
        own = run.flags[number] if run.flags else flags
        if number == 0 and run.first_flags is not None:
            own = run.first_flags
        if not own & _NOT_SYNC:
            samples.sync.append(numbered + number + 1)
    samples.end = decoding


@dataclass(frozen=True, slots=True)
class _Run:
    """The content of a `trun`. A column that it does not have is empty."""

    count: int
    data_offset: int
    first_flags: int | None
    durations: "array[int]"
    sizes: "array[int]"
    flags: "array[int]"
    shifts: "array[int]"


def _read_run(content: bytes) -> _Run:
    flags, count = struct.unpack_from(">II", content)
    if not flags & 0x1:
        raise ValueError("a fragment does not say where its samples are")
    (data_offset,) = struct.unpack_from(">i", content, 8)
    has_first = bool(flags & 0x4)
    first_flags = struct.unpack_from(">I", content, 12)[0] if has_first else None
    columns = [bit for bit in _COLUMNS if flags & bit]
    offset = 16 if has_first else 12
    table = array("I", content[offset : offset + 4 * count * len(columns)])
    if len(table) != count * len(columns):
        raise ValueError("a fragment has fewer samples than it says")
    if sys.byteorder == "little":
        table.byteswap()
    of = {bit: table[number :: len(columns)] for number, bit in enumerate(columns)}
    return _Run(count, data_offset, first_flags, *(of.get(bit, array("I")) for bit in _COLUMNS))


def _defaults(header: bytes) -> tuple[int, int, int]:
    """Return duration, size and flags of the samples that do not tell their own (`tfhd`)."""
    flags = struct.unpack_from(">I", header)[0] & 0xFFFFFF
    if flags & 0x1:
        raise ValueError("a fragment counts from somewhere else than its beginning")
    offset, values = 8 + (4 if flags & 0x2 else 0), []
    for bit in (0x8, 0x10, 0x20):
        values.append(struct.unpack_from(">I", header, offset)[0] if flags & bit else 0)
        offset += 4 if flags & bit else 0
    return values[0], values[1], values[2]


def _decode_time(content: bytes) -> int:
    return int(struct.unpack_from(">Q" if content[0] else ">I", content, 4)[0])


def _boxes(data: bytes, offset: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    while offset + _BOX_HEADER <= end:
        length, kind = struct.unpack_from(">I4s", data, offset)
        if length < _BOX_HEADER:
            return
        if kind == b"traf":
            yield from _boxes(data, offset + _BOX_HEADER, offset + length)
        else:
            yield kind, data[offset + _BOX_HEADER : offset + length]
        offset += length
