"""All that is shown at a moment, drawn into one picture that is no larger than it must be."""

import math
from collections.abc import Sequence

import skia

from playout.compose.assets import Assets
from playout.compose.drawing.frame import frame_of
from playout.compose.drawing.sprites import Sprite, sprite_of
from playout.compose.shown import Shown

Box = tuple[int, int, int, int]
_NOTHING: tuple[Box, bytes] = ((0, 0, 2, 2), bytes(16))
_SMOOTH = skia.SamplingOptions(skia.FilterMode.kLinear)
"""A thing that slides lies between pixels."""


def draw(
    shown: Sequence[Shown], width: int, height: int, assets: Assets, language: str
) -> tuple[Box, bytes]:
    """Return the box and the pixels of a layer for a frame of `width` × `height` pixels."""
    frame = frame_of(width, height)
    sprites = [
        (sprite, each)
        for each in shown
        if (sprite := sprite_of(each, frame, (width, height), assets, language))
    ]
    places = [_place(sprite, each, width, height) for sprite, each in sprites]
    box = _box(places, width, height)
    if box is None:
        return _NOTHING
    x, y, columns, rows = box
    surface = skia.Surface.MakeRasterN32Premul(columns, rows)
    canvas = surface.getCanvas()
    canvas.translate(-x, -y)
    for (sprite, each), place in zip(sprites, places, strict=True):
        paint = skia.Paint(Alpha=each.pose.opacity)
        canvas.drawImage(sprite.image, place.left(), place.top(), _SMOOTH, paint)
    return box, _pixels(surface, columns, rows)


def _place(sprite: Sprite, shown: Shown, width: int, height: int) -> skia.Rect:
    x = sprite.x + shown.pose.dx * width
    y = sprite.y + shown.pose.dy * height
    return skia.Rect.MakeXYWH(x, y, sprite.image.width(), sprite.image.height())


def _box(places: Sequence[skia.Rect], width: int, height: int) -> Box | None:
    """Return the box around all of them, within the frame, with even numbers; None if empty."""
    if not places:
        return None
    left = max(0, math.floor(min(each.left() for each in places) / 2) * 2)
    top = max(0, math.floor(min(each.top() for each in places) / 2) * 2)
    right = min(width // 2 * 2, math.ceil(max(each.right() for each in places) / 2) * 2)
    bottom = min(height // 2 * 2, math.ceil(max(each.bottom() for each in places) / 2) * 2)
    return (left, top, right - left, bottom - top) if left < right and top < bottom else None


def _pixels(surface: skia.Surface, width: int, height: int) -> bytes:
    info = skia.ImageInfo.Make(
        width, height, skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kPremul_AlphaType
    )
    pixels = bytearray(width * height * 4)
    surface.readPixels(info, pixels, width * 4)
    return bytes(pixels)
