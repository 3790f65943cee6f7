"""All that is shown at a moment, drawn into one picture that is no larger than it must be."""

import math

import skia

from playout.compose.assets import Assets
from playout.compose.drawing.drawn import Drawn, under_filter
from playout.compose.drawing.fonts import fonts_of
from playout.compose.drawing.frame import Frame, frame_of, shadow_filter, with_shadow
from playout.compose.drawing.images import draw_image
from playout.compose.drawing.shapes import draw_shape
from playout.compose.drawing.text import draw_text
from playout.compose.manifest.elements import Element, ImageElement, ShapeElement
from playout.compose.motion import Pose

Box = tuple[int, int, int, int]
_NOTHING: tuple[Box, bytes] = ((0, 0, 2, 2), bytes(16))


def draw(
    shown: list[tuple[Element, Pose]], width: int, height: int, assets: Assets, language: str
) -> tuple[Box, bytes]:
    """Return the box and the pixels of a layer for a frame of `width` × `height` pixels."""
    frame = frame_of(width, height)
    drawings = [
        (_moved(drawn.bounds, pose, frame), drawn, pose)
        for element, pose in shown
        if (drawn := _drawing(element, frame, assets, language))
    ]
    scale = width / frame.width, height / frame.height
    box = _box([bounds for bounds, _, _ in drawings], scale, width, height)
    if box is None:
        return _NOTHING
    x, y, columns, rows = box
    surface = skia.Surface.MakeRasterN32Premul(columns, rows)
    canvas = surface.getCanvas()
    canvas.translate(-x, -y)
    canvas.scale(*scale)
    for bounds, drawn, pose in drawings:
        _paint(canvas, bounds, drawn, pose, frame)
    return box, _pixels(surface, columns, rows)


def _drawing(element: Element, frame: Frame, assets: Assets, language: str) -> Drawn | None:
    if isinstance(element, ImageElement):
        return draw_image(element, frame, assets.get(element.asset))
    if isinstance(element, ShapeElement):
        drawn = draw_shape(element, frame)
    else:
        drawn = draw_text(element, frame, fonts_of(assets), language)
    if element.shadow is None:
        return drawn
    reach = with_shadow(drawn.bounds, element.shadow)
    return under_filter(drawn, reach, shadow_filter(element.shadow))


def _moved(bounds: skia.Rect, pose: Pose, frame: Frame) -> skia.Rect:
    return bounds.makeOffset(pose.dx * frame.width, pose.dy * frame.height)


def _box(
    bounds: list[skia.Rect], scale: tuple[float, float], width: int, height: int
) -> Box | None:
    """Return the box around all drawings, within the frame, with even numbers; None if empty."""
    if not bounds:
        return None
    left = max(0, math.floor(min(each.left() for each in bounds) * scale[0] / 2) * 2)
    top = max(0, math.floor(min(each.top() for each in bounds) * scale[1] / 2) * 2)
    right = min(_even(width), math.ceil(max(each.right() for each in bounds) * scale[0] / 2) * 2)
    bottom = min(_even(height), math.ceil(max(each.bottom() for each in bounds) * scale[1] / 2) * 2)
    return (left, top, right - left, bottom - top) if left < right and top < bottom else None


def _even(length: int) -> int:
    return length - length % 2


def _paint(canvas: skia.Canvas, bounds: skia.Rect, drawn: Drawn, pose: Pose, frame: Frame) -> None:
    canvas.save()
    # A stack of marks on a letter, as high as the frame, stays near its line.
    canvas.clipRect(bounds)
    if pose.opacity < 255:
        canvas.saveLayerAlpha(bounds, pose.opacity)
    canvas.translate(pose.dx * frame.width, pose.dy * frame.height)
    drawn.paint(canvas)
    if pose.opacity < 255:
        canvas.restore()
    canvas.restore()


def _pixels(surface: skia.Surface, width: int, height: int) -> bytes:
    info = skia.ImageInfo.Make(
        width, height, skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kPremul_AlphaType
    )
    pixels = bytearray(width * height * 4)
    surface.readPixels(info, pixels, width * 4)
    return bytes(pixels)
