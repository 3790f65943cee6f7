"""Pictures among a template's assets."""

import functools

import skia

from playout.compose.drawing.drawn import Drawn
from playout.compose.drawing.frame import Frame
from playout.compose.drawing.shapes import rounded
from playout.compose.manifest.elements import ImageElement

_SAMPLING = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)


def draw_image(element: ImageElement, frame: Frame, content: bytes | None) -> Drawn | None:
    """Return the drawing of a picture, or None if there is none, or it cannot be read."""
    image = _decoded(content) if content else None
    if image is None:
        return None
    box = frame.box_of(element)
    target = _target(element, box, image)

    def paint(canvas: skia.Canvas) -> None:
        canvas.save()
        clip = box if element.fit == "cover" else target
        canvas.clipRRect(rounded(clip, element.radius), doAntiAlias=True)
        canvas.drawImageRect(image, target, _SAMPLING, skia.Paint(AntiAlias=True))
        canvas.restore()

    return Drawn(box, paint)


@functools.lru_cache(maxsize=16)
def _decoded(content: bytes) -> skia.Image | None:
    try:
        image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(content))
    except (RuntimeError, ValueError):
        return None
    # The levels are made once; a portrait in a small rendition would flicker without them.
    return image and image.makeRasterImage().withDefaultMipmaps()


def _target(element: ImageElement, box: skia.Rect, image: skia.Image) -> skia.Rect:
    if element.fit == "fill":
        return box
    scales = box.width() / image.width(), box.height() / image.height()
    scale = max(scales) if element.fit == "cover" else min(scales)
    width, height = image.width() * scale, image.height() * scale
    x, y = box.centerX() - width / 2, box.centerY() - height / 2
    return skia.Rect.MakeXYWH(x, y, width, height)
