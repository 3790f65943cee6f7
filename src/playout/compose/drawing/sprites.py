"""Elements drawn once: while one fades or slides, its picture is the same in every frame."""

import math
from dataclasses import dataclass

import skia

from playout.compose.assets import Assets
from playout.compose.byte_cache import ByteCache
from playout.compose.drawing.drawn import Drawn
from playout.compose.drawing.fonts import fonts_of
from playout.compose.drawing.frame import Frame
from playout.compose.drawing.images import draw_image
from playout.compose.drawing.lottie import draw_lottie
from playout.compose.drawing.shapes import draw_shape
from playout.compose.drawing.text import draw_text
from playout.compose.manifest.elements import Element, ImageElement, LottieElement, ShapeElement
from playout.compose.shown import Shown

_MAX_BYTES = 48 * 1024 * 1024


@dataclass(frozen=True)
class Sprite:
    """The picture of an element in full, and its place at rest, in pixels of the rendition."""

    image: skia.Image
    x: int
    y: int


_SPRITES: ByteCache[Sprite] = ByteCache(_MAX_BYTES)


def sprite_of(
    shown: Shown, frame: Frame, size: tuple[int, int], assets: Assets, language: str
) -> Sprite | None:
    """Return the picture of an element in a rendition of this size; None if nothing is seen."""
    reach = _reach(shown.element)
    key = f"{shown.look} {shown.frame} {reach}"
    sprite = _SPRITES.get(key)
    if sprite is None:
        drawn = _drawing(shown, frame, assets, language)
        sprite = _drawn_once(drawn, frame, size, reach) if drawn else None
        if sprite:
            _SPRITES.add(key, sprite, sprite.image.imageInfo().computeMinByteSize())
    return sprite


def _drawing(shown: Shown, frame: Frame, assets: Assets, language: str) -> Drawn | None:
    element = shown.element
    if isinstance(element, LottieElement):
        return draw_lottie(element, shown.frame, frame, assets, language)
    if isinstance(element, ImageElement):
        return draw_image(element, frame, assets.get(element.asset))
    if isinstance(element, ShapeElement):
        return draw_shape(element, frame)
    return draw_text(element, frame, fonts_of(assets), language)


def _reach(element: Element) -> float:
    """Return how far an element slides: so much of what lies outside of the frame may be seen."""
    slides = [each for each in (element.enter, element.leave) if each and each.kind != "fade"]
    return max((each.distance for each in slides), default=0)


def _drawn_once(drawn: Drawn, frame: Frame, size: tuple[int, int], reach: float) -> Sprite | None:
    (width, height), bounds = size, drawn.bounds
    across, down = width / frame.width, height / frame.height
    left = math.floor(max(bounds.left() * across, -reach * width))
    top = math.floor(max(bounds.top() * down, -reach * height))
    right = math.ceil(min(bounds.right() * across, (1 + reach) * width))
    bottom = math.ceil(min(bounds.bottom() * down, (1 + reach) * height))
    if left >= right or top >= bottom:
        return None
    surface = skia.Surface.MakeRasterN32Premul(right - left, bottom - top)
    canvas = surface.getCanvas()
    canvas.translate(-left, -top)
    canvas.scale(across, down)
    drawn.paint(canvas)
    return Sprite(surface.makeImageSnapshot(), left, top)
