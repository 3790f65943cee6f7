"""A cache that is bounded by the bytes of its values."""

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")


class ByteCache(Generic[V]):
    """Values by their digests. The one that was used longest ago goes first."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._values: OrderedDict[str, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: str) -> V | None:
        with self._lock:
            if digest not in self._values:
                return None
            self._values.move_to_end(digest)
            return self._values[digest][0]

    def add(self, digest: str, value: V, size: int) -> None:
        """Keep a value of `size` bytes."""
        with self._lock:
            if digest in self._values:
                return
            self._values[digest] = value, size
            self._bytes += size
            while self._bytes > self._max_bytes:
                _, (_, oldest) = self._values.popitem(last=False)
                self._bytes -= oldest
