"""The index of a fragmented MP4: which bytes of the file are one segment."""

import struct
from collections.abc import Sequence
from pathlib import Path

from playout.transcode.inspect.fragments import Fragments, read_fragments

SHORTEST_SECONDS = 0.5
"""The shortest last segment. Players count a segment as loaded only if most of it lies within what
they have decoded, so the end of one that lasts a frame or two may never be reached."""
_REFERENCE_BYTES = 12
_BEGINS_WITH_KEY = 0x9000_0000


def join_short_end(file: Path) -> Fragments:
    """Make a short last segment a part of the one before it, and return the layout of the file.

    Only the segment index (ISO/IEC 14496-12, 8.16.3) changes: a segment may have two fragments.
    Raise `MediaRejected` unless the file has one whole segment.
    """
    fragments = read_fragments(file)
    ticks, sizes = list(fragments.ticks), list(fragments.sizes)
    while len(ticks) > 1 and ticks[-1] < SHORTEST_SECONDS * fragments.timescale:
        ticks[-2:], sizes[-2:] = [sum(ticks[-2:])], [sum(sizes[-2:])]
    if len(ticks) == len(fragments.ticks):
        return fragments
    with file.open("r+b") as opened:
        opened.seek(fragments.init_end)
        index = opened.read(fragments.index_end - fragments.init_end)
        opened.seek(fragments.init_end)
        opened.write(_shortened(index, ticks[-1], sizes[-1], len(fragments.ticks) - len(ticks)))
    return read_fragments(file)


def segment_index(
    track_id: int, timescale: int, start: int, references: Sequence[tuple[int, int]]
) -> bytes:
    """Return the index of segments that follow it: their bytes and ticks, the first at `start`."""
    head = struct.pack(">IIIQQHH", 1 << 24, track_id, timescale, start, 0, 0, len(references))
    rows = (struct.pack(">III", size, ticks, _BEGINS_WITH_KEY) for size, ticks in references)
    content = head + b"".join(rows)
    return struct.pack(">I4s", len(content) + 8, b"sidx") + content


def _shortened(index: bytes, ticks: int, size: int, dropped: int) -> bytes:
    """Return the index without its last `dropped` references.

    The last one that stays gets `size` and `ticks`, and so covers the others' bytes.

    An empty box before the index keeps the number of bytes. It belongs to the initialization
    segment, so that nothing lies between index and segments.
    """
    gap = dropped * _REFERENCE_BYTES
    kept = bytearray(index[:-gap])
    is_version_0 = kept[8] == 0
    count_at = 30 if is_version_0 else 38
    count = struct.unpack_from(">H", kept, count_at)[0]
    struct.pack_into(">I", kept, 0, len(kept))
    struct.pack_into(">H", kept, count_at, count - dropped)
    struct.pack_into(">II", kept, len(kept) - _REFERENCE_BYTES, size, ticks)
    return struct.pack(">I4s", gap, b"free") + bytes(gap - 8) + kept
