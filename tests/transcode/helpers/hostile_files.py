"""Build files that lie about their size, their tracks, or where their pictures are."""

import struct


def matroska_element(name: str, content: bytes) -> bytes:
    """Return a Matroska element, with its length in eight bytes."""
    return bytes.fromhex(name) + (len(content) | 1 << 56).to_bytes(8, "big") + content


def matroska_claiming(width: int, height: int, tracks: int = 1) -> bytes:
    """Return an MJPEG file without pictures that claims to have some of that size."""
    size = matroska_element("b0", width.to_bytes(4, "big")) + matroska_element(
        "ba", height.to_bytes(4, "big")
    )
    entries = b""
    for number in range(1, tracks + 1):
        name = number.to_bytes(2, "big")
        track = (
            matroska_element("d7", name)
            + matroska_element("73c5", name)
            + matroska_element("83", b"\x01")
        )
        track += matroska_element("86", b"V_MJPEG") + matroska_element("e0", size)
        entries += matroska_element("ae", track)
    cluster = matroska_element("e7", b"\x00") + matroska_element(
        "a3", b"\x81\x00\x00\x80\xff\xd8\xff\xd9"
    )
    body = matroska_element("1654ae6b", entries) + matroska_element("1f43b675", cluster)
    return matroska_element("1a45dfa3", matroska_element("4282", b"matroska")) + matroska_element(
        "18538067", body
    )


PARENT_BOXES = {b"moov", b"trak", b"mdia", b"minf", b"dinf"}


def quicktime_with_media_in(name: str, movie: bytes) -> bytes:
    """Return the index of `movie`, which now says that its pictures are in `name` beside it."""
    start = movie[: movie.index(b"mdat") - 4]
    index = movie[movie.index(b"moov") - 4 :]
    return start + struct.pack(">I4s", 8, b"mdat") + replace_references(index, alias_record(name))


def replace_references(boxes: bytes, entry: bytes) -> bytes:
    """Return the boxes, with `entry` in every table of data references (`dref`)."""
    result = b""
    while boxes:
        length, kind = struct.unpack(">I4s", boxes[:8])
        content, boxes = boxes[8:length], boxes[length:]
        if kind in PARENT_BOXES:
            content = replace_references(content, entry)
        elif kind == b"dref":
            content = struct.pack(">II", 0, 1) + entry
        result += struct.pack(">I4s", len(content) + 8, kind) + content
    return result


def alias_record(name: str) -> bytes:
    """Return a classic Macintosh alias record: "one folder up, then down to `name`"."""
    path = f"/volume/{name}".encode()
    path += bytes(len(path) % 2)
    record = bytes(10) + b"\x06volume".ljust(28, b"\0") + bytes(12)
    record += bytes([len(name)]) + name.encode().ljust(63, b"\0") + bytes(16)
    record += struct.pack(">HH", 1, 1) + bytes(16)
    record += struct.pack(">HH", 2, len(path)) + path + struct.pack(">HH", 0xFFFF, 0)
    return struct.pack(">I4sI", len(record) + 12, b"alis", 0) + record
