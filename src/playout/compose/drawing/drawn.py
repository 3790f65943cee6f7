"""A thing that can be drawn, and how far it reaches."""

from collections.abc import Callable
from dataclasses import dataclass

import skia


@dataclass(frozen=True)
class Drawn:
    """A drawing in the frame that everything is laid out in."""

    bounds: skia.Rect
    paint: Callable[[skia.Canvas], None]
