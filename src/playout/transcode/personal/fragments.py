"""Fragments of a segment, which may be written while its pictures are still being encoded.

A muxer would count from 0 and shift the pictures: here their times continue those of the base.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from playout.transcode.personal.headers import annex_b_units

_IN_BAND = {1, 5, 6}
"""The units of H.264 that belong into a sample: slices, key slices and additional information."""
_SYNC, _NOT_SYNC = 0x0200_0000, 0x0101_0000
_COLUMNS = 0x100 | 0x200 | 0x400 | 0x800
"""Each sample tells its duration, its size, its flags and its shift."""
_ROW, _BOX_HEADER = 16, 8
_HAS_OFFSET, _FROM_MOOF = 0x1, 0x02_0000


@dataclass(frozen=True, slots=True)
class Sample:
    """An encoded picture, or a piece of sound. Its times are ticks."""

    data: bytes
    """As it stands in an MP4: a picture is its units of H.264, each after its length."""
    decoded_at: int
    shown_at: int
    is_key: bool


def as_sample_data(packet: bytes) -> bytes:
    """Return a packet of the encoder as it stands in an MP4: lengths instead of start codes."""
    units = [unit for unit in annex_b_units(packet) if unit[0] & 0x1F in _IN_BAND]
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units)


def fragment(track_id: int, number: int, samples: Sequence[Sample], next_at: int) -> bytes:
    """Return a `moof` and a `mdat` of samples, in the order in which they are decoded.

    `number` is that of the fragment in the film, and `next_at` the ticks at which the sample after
    the last one is decoded.
    """
    decoding = [*(sample.decoded_at for sample in samples), next_at]
    rows = b"".join(
        struct.pack(
            ">IIIi",
            following - sample.decoded_at,
            len(sample.data),
            _SYNC if sample.is_key else _NOT_SYNC,
            sample.shown_at - sample.decoded_at,
        )
        for sample, following in zip(samples, decoding[1:], strict=True)
    )
    # The data begins behind this box, whose length does not depend on the number in it.
    boxes = [
        _full_box(b"tfhd", 0, _FROM_MOOF, struct.pack(">I", track_id)),
        _full_box(b"tfdt", 1, 0, struct.pack(">Q", decoding[0])),
    ]
    length = len(_moof(number, boxes, rows, 0))
    moof = _moof(number, boxes, rows, length + _BOX_HEADER)
    return moof + _box(b"mdat", *(sample.data for sample in samples))


def _moof(number: int, boxes: Sequence[bytes], rows: bytes, data_offset: int) -> bytes:
    count = len(rows) // _ROW
    run = struct.pack(">Ii", count, data_offset)
    run_box = _full_box(b"trun", 1, _HAS_OFFSET | _COLUMNS, run, rows)
    sequence = _full_box(b"mfhd", 0, 0, struct.pack(">I", number))
    return _box(b"moof", sequence, _box(b"traf", *boxes, run_box))


def _full_box(kind: bytes, version: int, flags: int, *content: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *content)


def _box(kind: bytes, *content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + sum(map(len, content)), kind) + b"".join(content)
