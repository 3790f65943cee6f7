"""Rectangles and ellipses."""

import skia

from playout.compose.drawing.drawn import Drawn
from playout.compose.drawing.frame import HEIGHT, Frame, color_of
from playout.compose.manifest.elements import ShapeElement


def draw_shape(element: ShapeElement, frame: Frame) -> Drawn:
    """Return the drawing of a shape. Its stroke lies inside its box."""
    box = frame.box_of(element)
    width = element.stroke.width * HEIGHT if element.stroke else 0.0

    def paint(canvas: skia.Canvas) -> None:
        if element.fill:
            fill = skia.Paint(AntiAlias=True, Color=color_of(element.fill))
            canvas.drawRRect(_outline(element, box), fill)
        if element.stroke:
            pen = skia.Paint(AntiAlias=True, Color=color_of(element.stroke.color))
            pen.setStyle(skia.Paint.kStroke_Style)
            pen.setStrokeWidth(width)
            canvas.drawRRect(_outline(element, box.makeInset(width / 2, width / 2)), pen)

    return Drawn(box, paint)


def rounded(box: skia.Rect, radius: float) -> skia.RRect:
    """Return a box with round corners, whose radius is a share of its shorter side."""
    length = radius * min(box.width(), box.height())
    return skia.RRect.MakeRectXY(box, length, length)


def _outline(element: ShapeElement, box: skia.Rect) -> skia.RRect:
    if element.shape == "ellipse":
        return skia.RRect.MakeOval(box)
    return rounded(box, element.radius)
