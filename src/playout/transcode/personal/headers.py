"""The facts about pictures in the initialization segment of a rendition."""

import struct
from dataclasses import dataclass

from playout.transcode.errors import MediaRejected

_PARENTS = {b"moov": 8, b"trak": 8, b"mdia": 8, b"minf": 8, b"stbl": 8, b"stsd": 16, b"avc1": 86}
"""Boxes that hold others, and the bytes before the first of them."""


@dataclass(frozen=True, slots=True)
class Header:
    """The part of an initialization segment that segments depend on."""

    track_id: int
    timescale: int
    """Ticks per second."""
    parameter_sets: tuple[bytes, ...]
    """The parameter sets of H.264, without which no picture can be decoded."""


def read_header(head: bytes) -> Header:
    """Return what the initialization segment of H.264 says. Raise `MediaRejected` if it is none."""
    boxes: dict[bytes, bytes] = {}
    _collect(head, 0, len(head), boxes)
    try:
        media = boxes[b"mdhd"]
        return Header(
            _track_id(boxes),
            struct.unpack_from(">I", media, 20 if media[0] else 12)[0],
            _parameter_sets(boxes[b"avcC"]),
        )
    except (KeyError, IndexError, struct.error) as error:
        raise MediaRejected("Playout cannot cut this video: the file is damaged.") from error


def read_track_id(head: bytes) -> int:
    """Return the number of the only track. Raise `MediaRejected` if there is none."""
    boxes: dict[bytes, bytes] = {}
    _collect(head, 0, len(head), boxes)
    try:
        return _track_id(boxes)
    except (KeyError, IndexError, struct.error) as error:
        raise MediaRejected("Playout cannot cut this video: the file is damaged.") from error


def annex_b_units(data: bytes) -> list[bytes]:
    """Return the units of H.264 between start codes, as encoders give them (Annex B)."""
    # Three zeros end in one that belongs to the start code after them.
    pieces = data.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")
    return [piece for piece in pieces if piece]


def _track_id(boxes: dict[bytes, bytes]) -> int:
    track = boxes[b"tkhd"]
    return int(struct.unpack_from(">I", track, 20 if track[0] else 12)[0])


def _collect(data: bytes, offset: int, end: int, boxes: dict[bytes, bytes]) -> None:
    while offset + 8 <= end:
        length, kind = struct.unpack_from(">I4s", data, offset)
        if length < 8:
            return
        boxes.setdefault(kind, data[offset + 8 : offset + length])
        if kind in _PARENTS:
            _collect(data, offset + _PARENTS[kind], offset + length, boxes)
        offset += length


def _parameter_sets(configuration: bytes) -> tuple[bytes, ...]:
    """Return the sets in an `avcC` (ISO/IEC 14496-15, 5.3.3.1)."""
    sets, offset = [], 5
    for mask in (0x1F, 0xFF):
        count = configuration[offset] & mask
        offset += 1
        for _ in range(count):
            (length,) = struct.unpack_from(">H", configuration, offset)
            sets.append(configuration[offset + 2 : offset + 2 + length])
            offset += 2 + length
    return tuple(sets)
