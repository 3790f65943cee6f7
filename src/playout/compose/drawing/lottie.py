"""Lottie animations: ThorVG draws their shapes and pictures, and our own engine their texts.

ThorVG does not shape text: Arabic would vanish.
"""

import functools
import json
from collections.abc import Iterator

import skia
import thorvg_python as thorvg

from playout.compose.assets import Assets
from playout.compose.drawing.drawn import Drawn
from playout.compose.drawing.fonts import fonts_of
from playout.compose.drawing.frame import Frame
from playout.compose.drawing.lottie_text import LottieTexts
from playout.compose.lottie.document import TEXT_LAYER, Json, Lottie, kept_lottie
from playout.compose.manifest.elements import LottieElement
from playout.kit.errors import Invalid

_MOST_PIXELS = 4096
_SMOOTH = skia.SamplingOptions(skia.FilterMode.kLinear)


def draw_lottie(
    element: LottieElement, number: int, frame: Frame, assets: Assets, language: str
) -> Drawn | None:
    """Return the drawing of a frame of an animation, or None if there is none."""
    try:
        lottie = kept_lottie(assets.get(element.asset, b""))
    except Invalid:
        return None
    box = _fitted(element, frame.box_of(element), lottie)
    texts = LottieTexts(lottie, element.texts, fonts_of(assets), language)

    def paint(canvas: skia.Canvas) -> None:
        canvas.save()
        canvas.clipRect(box)
        canvas.translate(box.left(), box.top())
        canvas.scale(box.width() / lottie.width, box.height() / lottie.height)
        for part in _parts(lottie):
            if isinstance(part, list):
                _paint_shapes(canvas, lottie, part, number)
            else:
                texts.paint(canvas, part, lottie.first + number)
        canvas.restore()

    return Drawn(box, paint)


def can_be_drawn(content: bytes) -> bool:
    """Return whether ThorVG can read the shapes of an animation."""
    lottie = kept_lottie(content)
    return _raster(_with_layers(lottie, range(len(lottie.layers))), 64, 64, 0) is not None


def _fitted(element: LottieElement, box: skia.Rect, lottie: Lottie) -> skia.Rect:
    if element.fit == "fill":
        return box
    scale = min(box.width() / lottie.width, box.height() / lottie.height)
    width, height = lottie.width * scale, lottie.height * scale
    x, y = box.centerX() - width / 2, box.centerY() - height / 2
    return skia.Rect.MakeXYWH(x, y, width, height)


def _parts(lottie: Lottie) -> Iterator[Json | list[int]]:
    """Yield what is drawn one after the other: a text, or the places of layers without one."""
    group: list[int] = []
    for at in reversed(range(len(lottie.layers))):
        layer = lottie.layers[at]
        if layer.get("ty") != TEXT_LAYER:
            group.append(at)
            continue
        if group:
            yield group
        yield layer
        group = []
    if group:
        yield group


def _paint_shapes(canvas: skia.Canvas, lottie: Lottie, places: list[int], number: int) -> None:
    matrix = canvas.getTotalMatrix()
    width = min(_MOST_PIXELS, max(1, round(lottie.width * matrix.getScaleX())))
    height = min(_MOST_PIXELS, max(1, round(lottie.height * matrix.getScaleY())))
    pixels = _raster(_with_layers(lottie, places), width, height, number)
    if pixels is None:
        return
    info = skia.ImageInfo.Make(
        width, height, skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kPremul_AlphaType
    )
    data = skia.Data.MakeWithCopy(pixels)  # the image does not keep it alive
    image = skia.Image.MakeRasterData(info, data, width * 4)
    canvas.drawImageRect(image, skia.Rect.MakeWH(lottie.width, lottie.height), _SMOOTH)


def _with_layers(lottie: Lottie, places: list[int] | range) -> bytes:
    """Return an animation in which all layers but these are hidden: some may be their parents."""
    shown = set(places)
    layers = [
        {**layer, "hd": layer.get("hd", False) or at not in shown or layer["ty"] == TEXT_LAYER}
        for at, layer in enumerate(lottie.layers)
    ]
    return json.dumps({**lottie.content, "layers": layers}).encode()


@functools.cache
def _engine() -> thorvg.Engine:
    return thorvg.Engine(threads=0)


def _raster(content: bytes, width: int, height: int, number: int) -> bytes | None:
    canvas = thorvg.SwCanvas(_engine())
    canvas.set_target(width, height)
    animation = thorvg.LottieAnimation(_engine())
    picture = animation.get_picture()
    if picture.load_data(content, "lottie", None, True) != thorvg.Result.SUCCESS:
        canvas.destroy()
        return None
    picture.set_size(width, height)
    canvas.add(picture)
    # To set the frame that it has already is an error, which means nothing.
    animation.set_frame(number)
    for step in (canvas.update, lambda: canvas.draw(True), canvas.sync):
        step()
    pixels = bytes(canvas.buffer_arr)
    canvas.destroy()
    return pixels
