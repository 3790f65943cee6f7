"""A thing that can be drawn, and how far it reaches."""

from collections.abc import Callable
from dataclasses import dataclass

import skia


@dataclass(frozen=True)
class Drawn:
    """A drawing in the frame that everything is laid out in."""

    bounds: skia.Rect
    paint: Callable[[skia.Canvas], None]


def under_filter(drawn: Drawn, bounds: skia.Rect, image_filter: skia.ImageFilter) -> Drawn:
    """Return a drawing that goes through a filter as a whole."""

    def paint(canvas: skia.Canvas) -> None:
        canvas.saveLayer(paint=skia.Paint(ImageFilter=image_filter))
        drawn.paint(canvas)
        canvas.restore()

    return Drawn(bounds, paint)
