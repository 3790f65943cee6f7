"""The index of a progressive MP4 (`moov`): where each sample lies, and when it is presented.

Tables and boxes are those of ISO/IEC 14496-12, 8.
"""

import struct
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from playout.transcode.inspect.samples import Samples

BOX_HEADER = 8
_SHOWN_FIELDS = 60
"""Bytes at the end of a track's header (`tkhd`): layer, volume, matrix and size."""
_FILE_TYPE = b"isom" + struct.pack(">I", 512) + b"isomiso2mp41"


@dataclass(frozen=True, slots=True)
class IndexedTrack:
    """A track of the index."""

    head: bytes
    """The initialization segment of its fragmented file."""
    samples: Samples
    timescale: int
    ticks: int
    """The duration."""
    chunks: Sequence[tuple[int, int]]
    """The number of samples of each chunk, and its place in the file."""


def box(kind: bytes, *contents: bytes) -> bytes:
    """Return a box of that type."""
    content = b"".join(contents)
    return struct.pack(">I4s", len(content) + BOX_HEADER, kind) + content


def file_type() -> bytes:
    """Return the first box of the file."""
    return box(b"ftyp", _FILE_TYPE)


def movie_index(tracks: Sequence[IndexedTrack]) -> bytes:
    """Return the index of these tracks, video first. Its length does not depend on the places."""
    timescale = tracks[0].timescale
    durations = [-(-track.ticks * timescale // track.timescale) for track in tracks]
    header = struct.pack(">IQQIQ", 1 << 24, 0, 0, timescale, max(durations))
    header += struct.pack(">IHHQ", 1 << 16, 1 << 8, 0, 0)
    header += struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    header += bytes(24) + struct.pack(">I", len(tracks) + 1)
    traks = [
        _track(number, track, duration)
        for number, (track, duration) in enumerate(zip(tracks, durations, strict=True), 1)
    ]
    return box(b"moov", box(b"mvhd", header), *traks)


def _track(number: int, track: IndexedTrack, duration: int) -> bytes:
    trak = _inner(_inner(dict(_boxes(track.head))[b"moov"])[b"trak"])
    media = _inner(trak[b"mdia"])
    information = _inner(media[b"minf"])
    header = trak[b"tkhd"]
    shown = struct.pack(">IQQIIQ", 1 << 24 | 3, 0, 0, number, 0, duration)
    decoding, delay = _decoding_times(track)
    edit = struct.pack(">IIQqI", 1 << 24, 1, duration, delay, 1 << 16)
    kept = [box(kind, content) for kind, content in information.items() if kind != b"stbl"]
    return box(
        b"trak",
        box(b"tkhd", shown, header[-_SHOWN_FIELDS:]),
        box(b"edts", box(b"elst", edit)) if delay else b"",
        box(
            b"mdia",
            box(b"mdhd", _media_header(media[b"mdhd"], track)),
            box(b"hdlr", media[b"hdlr"]),
            box(b"minf", *kept, _table(_inner(information[b"stbl"]), track, decoding, delay)),
        ),
    )


def _media_header(header: bytes, track: IndexedTrack) -> bytes:
    language = header[-4:]
    return struct.pack(">IQQIQ", 1 << 24, 0, 0, track.timescale, track.ticks) + language


def _decoding_times(track: IndexedTrack) -> tuple[list[int], int]:
    """Return the ticks at which samples are decoded, and how much later they are presented.

    Each one is decoded when one is presented: as evenly as they are shown. In the fragments the
    first ones are decoded at once, see `video_from_zero`.
    """
    decoding = sorted(track.samples.times)
    pairs = zip(decoding, track.samples.times, strict=True)
    return decoding, max((decoded - shown for decoded, shown in pairs), default=0)


def _table(
    old: Mapping[bytes, bytes], track: IndexedTrack, decoding: list[int], delay: int
) -> bytes:
    """Return the table of samples (`stbl`)."""
    samples = track.samples
    steps = [after - before for before, after in pairwise(decoding)]
    steps.append(max(track.ticks - decoding[-1], 0))
    shifts = (
        shown + delay - decoded for shown, decoded in zip(samples.times, decoding, strict=True)
    )
    is_all_sync = len(samples.sync) == len(samples.sizes)
    offsets = struct.pack(f">{len(track.chunks)}Q", *(place for _, place in track.chunks))
    return box(
        b"stbl",
        box(b"stsd", old[b"stsd"]),
        box(b"stts", bytes(4), _runs(steps)),
        box(b"ctts", bytes(4), _runs(shifts)) if delay else b"",
        b"" if is_all_sync else _counted(b"stss", samples.sync),
        box(b"stsc", bytes(4), _chunk_runs([count for count, _ in track.chunks])),
        box(b"stsz", struct.pack(">III", 0, 0, len(samples.sizes)), _words(samples.sizes)),
        box(b"co64", struct.pack(">II", 0, len(track.chunks)), offsets),
    )


def _counted(kind: bytes, values: "array[int]") -> bytes:
    return box(kind, struct.pack(">II", 0, len(values)), _words(values))


def _words(values: "array[int]") -> bytes:
    words = values[:]
    if sys.byteorder == "little":
        words.byteswap()
    return words.tobytes()


def _runs(values: Iterator[int] | list[int]) -> bytes:
    """Return a table of equal values, one after the other: how often, and which."""
    runs = [(sum(1 for _ in same), value) for value, same in groupby(values)]
    return struct.pack(">I", len(runs)) + b"".join(struct.pack(">II", *run) for run in runs)


def _chunk_runs(counts: list[int]) -> bytes:
    """Return the table that says from which chunk on there are how many samples in each."""
    runs = []
    for number, count in enumerate(counts, 1):
        if number == 1 or count != counts[number - 2]:
            runs.append(struct.pack(">III", number, count, 1))
    return struct.pack(">I", len(runs)) + b"".join(runs)


def _inner(content: bytes) -> dict[bytes, bytes]:
    return dict(_boxes(content))


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and content of each box."""
    offset = 0
    while offset + BOX_HEADER <= len(data):
        length, kind = struct.unpack_from(">I4s", data, offset)
        if length < BOX_HEADER:
            raise ValueError("a box is shorter than its header")
        yield kind, data[offset + BOX_HEADER : offset + length]
        offset += length
