"""The layer that is drawn over one frame for one viewer, and the times at which there is one.

`values` are what `check_data` returned. A layer is drawn once for all viewers and frames that show
the same: its digest, which takes no drawing, says what it shows. Only one thread of a process may
draw: Skia's fonts are not for several.
"""

import functools
import importlib.metadata
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import Any

from playout.compose.assets import NO_ASSETS, Assets, is_font
from playout.compose.byte_cache import ByteCache
from playout.compose.lottie.document import kept_lottie
from playout.compose.manifest.elements import Element, ImageElement, LottieElement
from playout.compose.manifest.fields import Values
from playout.compose.manifest.model import TemplateManifest
from playout.compose.manifest.resolve import resolve
from playout.compose.motion import pose_at
from playout.compose.shown import Shown
from playout.kit.errors import Invalid

Range = tuple[float, float]

_DRAWING_VERSION = 1
"""Raise it when the same manifest gives another picture: layers that were kept are then old."""
_DRAWN_BY = ("skia-python", "manimgx-fonts", "noto-cjk-sans-otc", "uniseg", "thorvg-python")
_MAX_BYTES = 64 * 1024 * 1024
"""Of layers that are kept: a dozen that fill the frame at 1080p, or hundreds of names."""
_NO_DRAWING = {"id", "start", "end", "enter", "leave", "when", "opacity"}
"""The fields of an element that its picture does not show, or that its pose holds already."""


@dataclass(frozen=True)
class Layer:
    """A picture that lies over a frame. Around its box, the frame stays as it is."""

    box: tuple[int, int, int, int]
    """Its x, y, width and height in pixels of the frame, all even: chroma has half as many."""
    rgba: bytes
    """Rows of pixels, four bytes each: red, green and blue, times alpha, and alpha."""
    digest: str


def touched_ranges(manifest: TemplateManifest, values: Values) -> list[Range]:
    """Return the times in seconds at which something is drawn for these values, in order."""
    return _merged((each.start, each.end) for each in resolve(manifest, values))


def layer_at(
    manifest: TemplateManifest,
    values: Values,
    t: float,
    width: int,
    height: int,
    *,
    assets: Assets = NO_ASSETS,
) -> Layer | None:
    """Return what is drawn `t` seconds into the film, or None if nothing is.

    `width` and `height` are those of the rendition, in pixels. The same picture is the same object
    again as long as it is kept.
    """
    shown = _shown_at(manifest, values, t, (width, height), assets)
    if not shown:
        return None
    # It loads fifty megabytes of libraries: a process that draws nothing never has them.
    from playout.compose.drawing.picture import draw  # noqa: PLC0415

    digest = _digest(shown)
    layer = _LAYERS.get(digest)
    if layer is None:
        box, rgba = draw(shown, width, height, assets, manifest.language)
        layer = Layer(box, rgba, digest)
        _LAYERS.add(digest, layer, len(rgba))
    return layer


def digest_at(
    manifest: TemplateManifest,
    values: Values,
    t: float,
    width: int,
    height: int,
    *,
    assets: Assets = NO_ASSETS,
) -> str | None:
    """Return the digest of the layer of `layer_at`, without drawing it."""
    shown = _shown_at(manifest, values, t, (width, height), assets)
    return _digest(shown) if shown else None


_LAYERS: ByteCache[Layer] = ByteCache(_MAX_BYTES)


def _shown_at(
    manifest: TemplateManifest, values: Values, t: float, size: tuple[int, int], assets: Assets
) -> list[Shown]:
    # Most elements are not shown at a moment: to find that out takes no look at the data.
    poses = {each.id: pose for each in manifest.elements if (pose := pose_at(each, t))}
    if not poses:
        return []
    elements = [each for each in manifest.elements if each.id in poses]
    resolved = resolve(manifest.model_copy(update={"elements": elements}), values)
    common = [_versions(), manifest.language, *size, _fonts(assets)]
    return [
        Shown(each, poses[each.id], _look(each, common, assets), _frame(each, t, assets))
        for each in resolved
    ]


def _frame(element: Element, t: float, assets: Assets) -> int:
    """Return the frame of an animation at a time of the film; 0 for anything else."""
    if not isinstance(element, LottieElement):
        return 0
    try:
        lottie = kept_lottie(assets.get(element.asset, b""))
    except Invalid:
        return 0
    return lottie.frame_at(t - element.start, loop=element.loop)


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _digest(shown: Iterable[Shown]) -> str:
    return _sha256(
        json.dumps([(each.look, each.frame, *astuple(each.pose)) for each in shown]).encode()
    )


def _look(element: Element, common: list[Any], assets: Assets) -> str:
    look = element.model_dump(mode="json", exclude=_NO_DRAWING)
    if isinstance(element, ImageElement | LottieElement):
        look["asset"] = _content_digest(assets.get(element.asset, b""))
    return _sha256(json.dumps([*common, look], sort_keys=True).encode())


def _fonts(assets: Assets) -> list[str]:
    return sorted(_content_digest(assets[name]) for name in assets if is_font(name))


@functools.lru_cache(maxsize=32)  # it keeps the contents, too
def _content_digest(content: bytes) -> str:
    return _sha256(content)


def _sha256(content: bytes) -> str:
    return sha256(content).hexdigest()


@functools.cache
def _versions() -> list[str]:
    return [str(_DRAWING_VERSION), *map(importlib.metadata.version, _DRAWN_BY)]
