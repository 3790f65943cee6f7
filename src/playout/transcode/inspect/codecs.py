"""The names by which players are told what a track needs (RFC 6381 and the codecs' own)."""

import struct

_VIDEO_HEADER = 78
"""Bytes of a visual sample entry before the boxes in it (ISO/IEC 14496-12, 12.1.3)."""
_AUDIO_HEADER = 28
"""The same of an audio sample entry (12.2.3)."""


def codec_of(kind: bytes, entry: bytes) -> str:
    """The name for a sample entry: its four letters, and what follows its own header.

    Raises `KeyError` for a kind that Playout does not write, `ValueError` for one that is broken.
    """
    if kind == b"Opus":
        return "opus"
    inside = _boxes(entry[_AUDIO_HEADER if kind == b"mp4a" else _VIDEO_HEADER :])
    spell = {
        b"avc1": lambda: f"avc1.{inside[b'avcC'][1:4].hex()}",
        b"hvc1": lambda: _hevc(inside[b"hvcC"]),
        b"av01": lambda: _av1(inside[b"av1C"]),
        b"mp4a": lambda: f"mp4a.40.{_aac_object(inside[b'esds'])}",
    }
    return spell[kind]()


def _boxes(data: bytes) -> dict[bytes, bytes]:
    found, at = {}, 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if length < 8:
            break
        found[kind] = data[at + 8 : at + length]
        at += length
    return found


def _hevc(record: bytes) -> str:
    """ISO/IEC 14496-15, E.3: profile, compatibility, tier and level, constraints."""
    space, tier, profile = record[1] >> 6, record[1] >> 5 & 1, record[1] & 31
    compatible = int(f"{int.from_bytes(record[2:6], 'big'):032b}"[::-1], 2)
    constraints = record[6:12].rstrip(b"\0")
    parts = [
        "hvc1",
        f"{['', 'A', 'B', 'C'][space]}{profile}",
        f"{compatible:X}",
        f"{'LH'[tier]}{record[12]}",
        *(f"{byte:X}" for byte in constraints),
    ]
    return ".".join(parts)


def _av1(record: bytes) -> str:
    """AV1 in ISO base media files, section 5: profile, level and tier, depth."""
    profile, level = record[1] >> 5, record[1] & 31
    tier, deep, deeper = record[2] >> 7, record[2] >> 6 & 1, record[2] >> 5 & 1
    depth = 12 if deep and deeper else 10 if deep else 8
    return f"av01.{profile}.{level:02}{'MH'[tier]}.{depth:02}"


def _aac_object(descriptor: bytes) -> int:
    """The audio object type in the decoder's own configuration (ISO/IEC 14496-3, 1.6.2.1)."""
    at = 4  # after version and flags
    _, at = _tagged(descriptor, at, 0x03)
    at += 3  # the stream's number and flags, of which ffmpeg sets none
    _, at = _tagged(descriptor, at, 0x04)
    at += 13  # kind of stream, buffer, bit rates
    _, at = _tagged(descriptor, at, 0x05)
    kind = descriptor[at] >> 3
    if kind == 31:
        kind = 32 + ((descriptor[at] & 7) << 3 | descriptor[at + 1] >> 5)
    return kind


def _tagged(data: bytes, at: int, tag: int) -> tuple[int, int]:
    """Length and start of what a descriptor holds (ISO/IEC 14496-1, 8.3.3)."""
    if data[at] != tag:
        raise ValueError("not the descriptor that belongs here")
    length, at = 0, at + 1
    while True:
        byte, at = data[at], at + 1
        length = length << 7 | byte & 127
        if not byte & 128:
            return length, at
