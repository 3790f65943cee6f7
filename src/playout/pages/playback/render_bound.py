"""The bound on segments that are rendered or wait: as many as viewers have the patience for."""

import statistics
from collections import deque

from playout.kit.metrics import gauge

UNMEASURED = 8
"""Segments for each that is rendered at the same time, as long as nothing is measured."""
LEAST, MOST = 2, 32
_REMEMBERED = 9

BOUND = gauge("playout_rendering_segments_bound", "Segments of films that may be rendered or wait")


class RenderBound:
    """A bound that follows how long segments take: small ones are rendered ten times as fast."""

    def __init__(self, at_once: int, patience: float) -> None:
        self._at_once, self._patience = at_once, patience
        self._seconds: deque[float] = deque(maxlen=_REMEMBERED)
        BOUND.set(self.most)

    @property
    def most(self) -> int:
        """Return the number of segments that are rendered while a viewer is patient."""
        if not self._seconds:
            return self._at_once * UNMEASURED
        # The median: the first one also waits for its process to start.
        each = self._patience / max(statistics.median(self._seconds), 0.001)
        return self._at_once * round(min(max(each, LEAST), MOST))

    def note(self, seconds: float) -> None:
        """Note how long a segment took."""
        self._seconds.append(seconds)
        BOUND.set(self.most)
