"""Rectangles and ellipses."""

import skia

from playout.compose.drawing.drawn import Drawn
from playout.compose.drawing.frame import HEIGHT, Frame, color_of
from playout.compose.drawing.shadows import paint_shadow, shadowed, with_shadow
from playout.compose.manifest.elements import ShapeElement
from playout.compose.manifest.parts import Stroke


def draw_shape(element: ShapeElement, frame: Frame) -> Drawn:
    """Return the drawing of a shape. Its stroke lies inside its box."""
    box = frame.box_of(element)
    if element.fill is None:
        return shadowed(
            Drawn(box, lambda canvas: _paint_stroke(canvas, element, box)), element.shadow
        )

    def paint(canvas: skia.Canvas) -> None:
        fill = skia.Paint(AntiAlias=True, Color=color_of(element.fill or ""))
        if element.shadow:
            paint_shadow(canvas, _outline(element, box), element.shadow, fill.getAlpha())
        canvas.drawRRect(_outline(element, box), fill)
        _paint_stroke(canvas, element, box)

    return Drawn(with_shadow(box, element.shadow) if element.shadow else box, paint)


def rounded(box: skia.Rect, radius: float) -> skia.RRect:
    """Return a box with round corners, whose radius is a share of its shorter side."""
    length = radius * min(box.width(), box.height())
    return skia.RRect.MakeRectXY(box, length, length)


def _paint_stroke(canvas: skia.Canvas, element: ShapeElement, box: skia.Rect) -> None:
    if element.stroke:
        pen = stroke_pen(element.stroke)
        inset = pen.getStrokeWidth() / 2
        canvas.drawRRect(_outline(element, box.makeInset(inset, inset)), pen)


def stroke_pen(stroke: Stroke, times: float = 1) -> skia.Paint:
    """Return the paint of a line, `times` as wide."""
    pen = skia.Paint(AntiAlias=True, Color=color_of(stroke.color))
    pen.setStyle(skia.Paint.kStroke_Style)
    pen.setStrokeJoin(skia.Paint.kRound_Join)
    pen.setStrokeWidth(times * stroke.width * HEIGHT)
    return pen


def _outline(element: ShapeElement, box: skia.Rect) -> skia.RRect:
    if element.shape == "ellipse":
        return skia.RRect.MakeOval(box)
    return rounded(box, element.radius)
