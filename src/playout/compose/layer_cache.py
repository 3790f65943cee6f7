"""The layers that were drawn last, up to a number of bytes."""

import threading
from collections import OrderedDict
from typing import Generic, Protocol, TypeVar

MAX_BYTES = 64 * 1024 * 1024
"""A dozen texts that fill the frame at 1080p, or hundreds of names."""


class Drawn(Protocol):
    """A picture with the digest of what it shows."""

    @property
    def digest(self) -> str: ...

    @property
    def rgba(self) -> bytes: ...


L = TypeVar("L", bound=Drawn)


class LayerCache(Generic[L]):
    """Layers by their digests. The one that was used longest ago goes first."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._layers: OrderedDict[str, L] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: str) -> L | None:
        with self._lock:
            layer = self._layers.get(digest)
            if layer is not None:
                self._layers.move_to_end(digest)
            return layer

    def add(self, layer: L) -> None:
        with self._lock:
            if layer.digest in self._layers:
                return
            self._layers[layer.digest] = layer
            self._bytes += len(layer.rgba)
            while self._bytes > self._max_bytes:
                _, oldest = self._layers.popitem(last=False)
                self._bytes -= len(oldest.rgba)
