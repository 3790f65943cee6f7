"""An element that is shown at a moment."""

from dataclasses import dataclass

from playout.compose.manifest.elements import Element
from playout.compose.motion import Pose


@dataclass(frozen=True)
class Shown:
    """An element with its pose, and the digest of how it looks at rest.

    Of an animation, it is a frame with its number.
    """

    element: Element
    pose: Pose
    look: str
    frame: int = 0
