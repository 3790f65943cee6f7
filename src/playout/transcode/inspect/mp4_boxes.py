"""Where a file says that it ends: the outermost structure of MP4, AVI and Matroska, and no more."""

from typing import BinaryIO

_MOST_BOXES = 100_000


def mp4_end(file: BinaryIO, size: int) -> tuple[int, bool]:
    """The declared end in bytes, and whether there is an index (`moov`) that is all there.

    ISO/IEC 14496-12, 4.2: each box starts with its length (32 bits, or 1 and then 64 bits, or 0
    for "to the end of the file") and its four-letter type.
    """
    at, has_index = 0, False
    for _ in range(_MOST_BOXES):
        file.seek(at)
        header = file.read(16)
        if len(header) < 8:
            break
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:
            length = size - at
        if length < 8:
            break
        at += length
        if header[4:8] == b"moov" and at <= size:
            has_index = True
    return at, has_index


def riff_end(file: BinaryIO) -> int:
    """The declared end of the first RIFF chunk; 0 when a writer broke off before declaring it."""
    length = int.from_bytes(file.read(8)[4:], "little")
    return 0 if length == 0xFFFFFFFF else length + 8


def segment_end(file: BinaryIO) -> int:
    """The declared end of the Matroska segment; 0 when it is not declared (RFC 8794, 6.2)."""
    head = file.read(4096)
    header = _vint(head, 4)
    if header is None:
        return 0
    at = header[0] + header[1]
    if head[at : at + 4] != b"\x18\x53\x80\x67":
        return 0
    segment = _vint(head, at + 4)
    return 0 if segment is None else segment[0] + segment[1]


def _vint(head: bytes, at: int) -> tuple[int, int] | None:
    """Where the number at `at` ends, and its value; None when it is missing or unknown."""
    if at >= len(head) or head[at] == 0:
        return None
    length = 9 - head[at].bit_length()
    bits = int.from_bytes(head[at : at + length], "big")
    value = bits & ((1 << (7 * length)) - 1)
    unknown = value == (1 << (7 * length)) - 1
    return None if unknown else (at + length, value)
