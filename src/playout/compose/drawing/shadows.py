"""Shadows of letters and shapes."""

import math

import skia

from playout.compose.drawing.drawn import Drawn
from playout.compose.drawing.frame import HEIGHT, color_of
from playout.compose.manifest.parts import Shadow


def shadowed(drawn: Drawn, shadow: Shadow | None) -> Drawn:
    """Return a drawing with its shadow under it."""
    if shadow is None:
        return drawn
    bounds = with_shadow(drawn.bounds, shadow)
    dx, dy, blur = _measures(shadow)
    effect = skia.ImageFilters.DropShadow(dx, dy, blur, blur, color_of(shadow.color))

    def paint(canvas: skia.Canvas) -> None:
        canvas.saveLayer(bounds, skia.Paint(ImageFilter=effect))
        drawn.paint(canvas)
        canvas.restore()

    return Drawn(bounds, paint)


def paint_shadow(canvas: skia.Canvas, outline: skia.RRect, shadow: Shadow, alpha: int) -> None:
    """Draw the shadow of a filled outline alone. It takes a tenth of the time of a filter.

    `alpha`, 0 to 255, is that of the fill.
    """
    dx, dy, blur = _measures(shadow)
    pen = skia.Paint(AntiAlias=True, Color=color_of(shadow.color))
    pen.setAlpha(pen.getAlpha() * alpha // 255)
    if blur:
        pen.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    canvas.drawRRect(outline.makeOffset(dx, dy), pen)


def with_shadow(bounds: skia.Rect, shadow: Shadow) -> skia.Rect:
    """Return the bounds of a thing and its shadow."""
    dx, dy, blur = _measures(shadow)
    reach = math.ceil(3 * blur) + 1
    whole = bounds.makeOffset(dx, dy).makeOutset(reach, reach)
    whole.join(bounds)
    return whole


def _measures(shadow: Shadow) -> tuple[float, float, float]:
    return shadow.dx * HEIGHT, shadow.dy * HEIGHT, shadow.blur * HEIGHT / 2
