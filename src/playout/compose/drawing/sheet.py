"""A film at some moments, with what is drawn over it: one picture, or a contact sheet."""

from collections.abc import Sequence

import skia

from playout.compose.assets import Assets
from playout.compose.drawing.fonts import bundled_faces
from playout.compose.layers import layer_at
from playout.compose.manifest.fields import Values
from playout.compose.manifest.model import TemplateManifest
from playout.compose.manifest.resolve import scenes_left_out

PLAIN = 1280, 720
"""The size of a frame where there is no film yet."""
_GREY = 0xFF3A4452
_VEIL = 0xD0FFFFFF
"""Over the moments of scenes that the viewer does not see."""
_GAP, _LABEL = 16, 40
_SMALL = 480
"""The width of a frame on a contact sheet."""


def draw_sheet(
    manifest: TemplateManifest,
    values: Values,
    frames: Sequence[tuple[float, skia.Image | None]],
    columns: int,
    assets: Assets,
) -> skia.Image:
    """Return the film at one moment, or a contact sheet of several.

    On a sheet, the moments of scenes that are left out for these values are pale.
    """
    pictures = [(t, composed(manifest, values, t, frame, assets)) for t, frame in frames]
    if len(pictures) == 1:
        return pictures[0][1]
    first = pictures[0][1]
    height = round(_SMALL * first.height() / first.width())
    rows = -(-len(pictures) // columns)
    across, down = _SMALL + _GAP, height + _LABEL
    surface = skia.Surface.MakeRasterN32Premul(columns * across + _GAP, rows * down + _GAP)
    canvas = surface.getCanvas()
    canvas.clear(skia.ColorWHITE)
    left_out = scenes_left_out(manifest, values)
    smooth = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
    for at, (t, picture) in enumerate(pictures):
        x, y = _GAP + at % columns * across, _GAP + at // columns * down
        place = skia.Rect.MakeXYWH(x, y, _SMALL, height)
        canvas.drawImageRect(picture.withDefaultMipmaps(), place, smooth)
        is_left_out = any(start <= t < end for start, end in left_out)
        if is_left_out:
            canvas.drawRect(place, skia.Paint(Color=_VEIL))
        label = skia.Font(bundled_faces()[0].typeface, 18)
        text = f"{t:.2f} s{', left out' if is_left_out else ''}"
        canvas.drawString(text, x, y + height + 24, label, skia.Paint(AntiAlias=True))
    return surface.makeImageSnapshot()


def composed(
    manifest: TemplateManifest,
    values: Values,
    t: float,
    frame: skia.Image | None,
    assets: Assets,
) -> skia.Image:
    """Return a frame with what is drawn over it at a moment; a grey one where there is none."""
    width, height = (frame.width(), frame.height()) if frame else PLAIN
    surface = skia.Surface.MakeRasterN32Premul(width, height)
    canvas = surface.getCanvas()
    canvas.clear(_GREY)
    if frame:
        canvas.drawImage(frame, 0, 0)
    layer = layer_at(manifest, values, t, width, height, assets=assets)
    if layer:
        x, y, columns, rows = layer.box
        info = skia.ImageInfo.Make(
            columns, rows, skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kPremul_AlphaType
        )
        data = skia.Data.MakeWithCopy(layer.rgba)  # the picture does not keep it alive
        picture = skia.Image.MakeRasterData(info, data, columns * 4)
        canvas.drawImage(picture, x, y)
    return surface.makeImageSnapshot()
