"""Codec strings: the names that tell a player what a track needs (RFC 6381)."""

import struct

_VISUAL_HEADER = 78
"""Bytes of a visual sample entry before the boxes in it (ISO/IEC 14496-12, 12.1.3)."""
_AUDIO_HEADER = 28
"""Bytes of an audio sample entry before the boxes in it (12.2.3)."""


def codec_string(kind: bytes, entry: bytes) -> str:
    """Return the codec string of a sample entry.

    `kind` is the four-letter type of the entry, and `entry` is what follows its box header. Raise
    `KeyError` for a type that Playout does not write, and `ValueError` for a broken entry.
    """
    if kind == b"Opus":
        return "opus"
    boxes = _boxes(entry[_AUDIO_HEADER if kind == b"mp4a" else _VISUAL_HEADER :])
    spell = {
        b"avc1": lambda: f"avc1.{boxes[b'avcC'][1:4].hex()}",
        b"hvc1": lambda: _hevc(boxes[b"hvcC"]),
        b"av01": lambda: _av1(boxes[b"av1C"]),
        b"mp4a": lambda: f"mp4a.40.{_aac_object_type(boxes[b'esds'])}",
    }
    return spell[kind]()


def _boxes(data: bytes) -> dict[bytes, bytes]:
    """Return the content of each box by its type."""
    boxes, offset = {}, 0
    while offset + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, offset)
        if length < 8:
            break
        boxes[kind] = data[offset + 8 : offset + length]
        offset += length
    return boxes


def _hevc(record: bytes) -> str:
    """Spell profile, compatibility, tier, level and constraints (ISO/IEC 14496-15, E.3)."""
    space, tier, profile = record[1] >> 6, record[1] >> 5 & 1, record[1] & 31
    compatible = int(f"{int.from_bytes(record[2:6], 'big'):032b}"[::-1], 2)
    constraints = record[6:12].rstrip(b"\0")
    fields = [
        "hvc1",
        f"{['', 'A', 'B', 'C'][space]}{profile}",
        f"{compatible:X}",
        f"{'LH'[tier]}{record[12]}",
        *(f"{byte:X}" for byte in constraints),
    ]
    return ".".join(fields)


def _av1(record: bytes) -> str:
    """Spell profile, level, tier and bit depth (AV1 in ISO base media files, section 5)."""
    profile, level = record[1] >> 5, record[1] & 31
    tier, high_bit_depth, twelve_bit = record[2] >> 7, record[2] >> 6 & 1, record[2] >> 5 & 1
    depth = 12 if high_bit_depth and twelve_bit else 10 if high_bit_depth else 8
    return f"av01.{profile}.{level:02}{'MH'[tier]}.{depth:02}"


def _aac_object_type(descriptor: bytes) -> int:
    """Return the audio object type from the decoder configuration (ISO/IEC 14496-3, 1.6.2.1)."""
    offset = 4  # after version and flags
    offset = _descriptor_content(descriptor, offset, 0x03)
    offset += 3  # the stream's number and flags, of which ffmpeg sets none
    offset = _descriptor_content(descriptor, offset, 0x04)
    offset += 13  # object and stream type, buffer size, bit rates
    offset = _descriptor_content(descriptor, offset, 0x05)
    object_type = descriptor[offset] >> 3
    if object_type == 31:
        object_type = 32 + ((descriptor[offset] & 7) << 3 | descriptor[offset + 1] >> 5)
    return object_type


def _descriptor_content(data: bytes, offset: int, tag: int) -> int:
    """Return where the content of the descriptor at `offset` begins (ISO/IEC 14496-1, 8.3.3)."""
    if data[offset] != tag:
        raise ValueError(f"there is no descriptor {tag} at byte {offset}")
    offset += 1
    # The length: seven bits a byte, and the highest bit says whether another byte follows.
    while data[offset] & 128:
        offset += 1
    return offset + 1
