"""The place and the opacity of an element at a moment: its transitions."""

from dataclasses import dataclass

from playout.compose.manifest.elements import Element
from playout.compose.manifest.parts import Transition

ROUNDING = 1e-6
"""Seconds by which the time of a frame may be off, because it is a rounded quotient."""
_DIRECTIONS = {"slideLeft": (-1, 0), "slideRight": (1, 0), "slideUp": (0, -1), "slideDown": (0, 1)}


@dataclass(frozen=True)
class Pose:
    """The opacity of an element (0 to 255), and the distance that it is moved by."""

    opacity: int
    dx: float
    """A share of the width of the frame."""
    dy: float
    """A share of the height of the frame."""


def pose_at(element: Element, t: float) -> Pose | None:
    """Return the pose of an element `t` seconds into the film, or None if it is not shown then.

    An element is shown from `start` on, and no longer at `end`.
    """
    t += ROUNDING
    if not element.start <= t < element.end:
        return None
    dx, dy, shown = 0.0, 0.0, element.opacity
    if element.enter and t < element.start + element.enter.seconds:
        done = (t - element.start) / element.enter.seconds
        # A thing that arrives brakes: it has nearly arrived at half of the time.
        dx, dy = _moved(element.enter, -((1 - done) ** 3))
        shown *= done
    elif element.leave and t > element.end - element.leave.seconds:
        left = (element.end - t) / element.leave.seconds
        dx, dy = _moved(element.leave, (1 - left) ** 3)
        shown *= left
    opacity = round(255 * shown)
    return Pose(opacity, round(dx, 5), round(dy, 5)) if opacity else None


def _moved(transition: Transition, share: float) -> tuple[float, float]:
    x, y = _DIRECTIONS.get(transition.kind, (0, 0))
    return x * share * transition.distance, y * share * transition.distance
