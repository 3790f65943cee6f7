"""The end that an MP4, an AVI or a Matroska file declares in its outermost structure."""

from typing import BinaryIO

_MAX_BOXES = 100_000


def mp4_end(file: BinaryIO, size: int) -> tuple[int, bool]:
    """Return the declared end in bytes, and whether the index (`moov`) is there as a whole.

    ISO/IEC 14496-12, 4.2: a box starts with its length (32 bits, or 1 and then 64 bits, or 0 for
    "to the end of the file") and its four-letter type.
    """
    offset, has_index = 0, False
    for _ in range(_MAX_BOXES):
        file.seek(offset)
        header = file.read(16)
        if len(header) < 8:
            break
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:
            length = size - offset
        if length < 8:
            break
        offset += length
        if header[4:8] == b"moov" and offset <= size:
            has_index = True
    return offset, has_index


def avi_end(file: BinaryIO) -> int:
    """Return the declared end of the first RIFF chunk.

    It is 0 if the program that wrote the file stopped before it could declare the end.
    """
    length = int.from_bytes(file.read(8)[4:], "little")
    return 0 if length == 0xFFFFFFFF else length + 8


def matroska_end(file: BinaryIO) -> int:
    """Return the declared end of the segment, or 0 if it is not declared (RFC 8794, 6.2)."""
    head = file.read(4096)
    header = _vint(head, 4)
    if header is None:
        return 0
    offset = header[0] + header[1]
    if head[offset : offset + 4] != b"\x18\x53\x80\x67":
        return 0
    segment = _vint(head, offset + 4)
    return 0 if segment is None else segment[0] + segment[1]


def _vint(head: bytes, offset: int) -> tuple[int, int] | None:
    """Return the end and the value of the number at `offset`; None if it is missing or unknown.

    RFC 8794, 4: a variable-length integer, whose first bits say how many bytes it has.
    """
    if offset >= len(head) or head[offset] == 0:
        return None
    length = 9 - head[offset].bit_length()
    bits = int.from_bytes(head[offset : offset + length], "big")
    value = bits & ((1 << (7 * length)) - 1)
    is_unknown = value == (1 << (7 * length)) - 1
    return None if is_unknown else (offset + length, value)
