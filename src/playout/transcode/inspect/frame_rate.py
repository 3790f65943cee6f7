"""The frame rate of a video, judged by the times of all of its pictures."""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from playout.transcode.inspect.packets import Packets, steps_between

ROUNDING = 0.002
"""Seconds by which times differ because a container rounds them."""
MOST_ROUNDING = 0.4
"""The most of a step that rounding makes: a tick may be as long as a whole picture."""
SAME_RATE = 0.005
"""The most by which a measured rate may differ from a declared one that is exact."""
EXACT = 0.0002
"""The share by which two rates differ that are the same. 30 and 29.97 differ by five times that."""
_FEW_SECONDS = 20
"""One in so many seconds may be a burst of pictures that says nothing of the rate."""


@dataclass(frozen=True, slots=True)
class FrameRate:
    """Pictures per second, None if there are too few pictures to tell."""

    fps: float | None
    is_variable: bool


def measure_frame_rate(packets: Packets, declared: Sequence[float]) -> FrameRate:
    """Return the frame rate of a video stream.

    It is constant if at most one step in twenty differs from the usual one. If it is variable, the
    rate of its fastest second counts: a screen recording has few pictures a second for most of the
    time.
    `declared` are rates that the file declares: they are more exact than measured ones, but may be
    those of a clock.
    """
    steps = array("d", (step for step in steps_between(packets.times) if step > 0))
    if len(steps) < 3:
        return FrameRate(declared[0] if declared else None, is_variable=False)
    usual = median(steps)
    allowed = max(usual / 5, ROUNDING, min(1.5 * packets.tick, usual * MOST_ROUNDING))
    regular = array("d", (step for step in steps if abs(step - usual) <= allowed))
    is_variable = len(steps) - len(regular) > len(steps) / 20
    measured = 1 / fmean(regular)
    if is_variable:
        measured = max(measured, _fastest_second(packets.times))
    near = [rate for rate in declared if abs(rate / measured - 1) <= SAME_RATE]
    # An average of the whole file includes its gaps, and then another one comes nearer.
    exactness = max(packets.tick / sum(steps), EXACT)
    exact = [rate for rate in near if abs(rate / measured - 1) <= exactness]
    return FrameRate((exact or near or [measured])[0], is_variable)


def _fastest_second(times: Sequence[float]) -> float:
    """Return the number of pictures in the fastest second, leaving out rare bursts."""
    counts = sorted(Counter(int(time) for time in times).values(), reverse=True)
    return float(counts[min(len(counts) // _FEW_SECONDS, 2)])
