"""Messages to and from a process in the sandbox: a JSON object, and bytes that belong to it."""

import json
import struct
from collections.abc import Callable, Sequence
from typing import Any

Message = tuple[dict[str, Any], list[bytes]]
_MOST_JSON = 16 * 1024 * 1024
_MOST_BYTES = 1024 * 1024 * 1024


def packed(head: dict[str, Any], blobs: Sequence[bytes] = ()) -> bytes:
    """Return a message as bytes."""
    text = json.dumps({**head, "blobs": [len(blob) for blob in blobs]}).encode()
    return b"".join([struct.pack(">I", len(text)), text, *blobs])


def read_message(read: Callable[[int], bytes]) -> Message:
    """Return the next message. `read` returns that many bytes, and raises `EOFError` at the end.

    Raise `ValueError` if what comes is no message.
    """
    (length,) = struct.unpack(">I", read(4))
    if length > _MOST_JSON:
        raise ValueError("the message is too long")
    head = json.loads(read(length))
    sizes = head.pop("blobs")
    if sum(sizes) > _MOST_BYTES:
        raise ValueError("the message is too long")
    return head, [read(size) for size in sizes]
