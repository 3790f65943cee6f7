"""Layers over pictures: only the pixels of a layer's box are touched."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint16]
_MATRICES = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 6: (0.299, 0.114), 7: (0.212, 0.087)}
"""The shares of red and blue in brightness, by the number of the matrix (ITU-T H.273)."""


@dataclass(frozen=True, slots=True)
class LayerPlanes:
    """A layer as it is added to a picture in YUV 4:2:0.

    For each plane: what is added, in 255ths, and how much of the picture is seen through it.
    """

    x: int
    y: int
    width: int
    height: int
    added: tuple[Plane, Plane, Plane]
    through: tuple[Plane, Plane, Plane]


def layer_planes(box: tuple[int, int, int, int], rgba: bytes, matrix: int) -> LayerPlanes:
    """Return the planes of a layer whose `box` is even, in the limited range.

    `rgba` are rows of pixels: red, green and blue times alpha, and alpha. `matrix` is that of the
    picture, as ITU-T H.273 numbers it.
    """
    x, y, width, height = box
    pixels = np.frombuffer(rgba, np.uint8).reshape(height, width, 4).astype(np.float32)
    red, green, blue, alpha = (pixels[..., number] for number in range(4))
    kr, kb = _MATRICES[matrix]
    # In 255ths of white, times alpha.
    luma = kr * red + (1 - kr - kb) * green + kb * blue
    quarter_alpha = _quarters(alpha)
    chroma = [
        _quarters(colour - luma) * (112 / (1 - share)) + 128 * quarter_alpha
        for colour, share in ((blue, kb), (red, kr))
    ]
    added = [luma * 219 + 16 * alpha, *chroma]
    through = [255 - alpha, *[255 - quarter_alpha] * 2]
    return LayerPlanes(x, y, width, height, _rounded(added), _rounded(through))


def draw_over(frame: Any, layer: LayerPlanes) -> None:
    """Draw a layer over a frame of PyAV in `yuv420p`, which nobody else refers to."""
    for number, (added, through) in enumerate(zip(layer.added, layer.through, strict=True)):
        shift = 1 if number else 0
        plane = frame.planes[number]
        picture = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
        rows = slice(layer.y >> shift, (layer.y + layer.height) >> shift)
        columns = slice(layer.x >> shift, (layer.x + layer.width) >> shift)
        below = picture[rows, columns]
        # At most 255 * 255, plus the half that rounds.
        mixed = below.astype(np.uint16)
        mixed *= through
        mixed += added
        mixed += 127
        mixed //= 255
        below[...] = mixed


def _quarters(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the means of squares of four pixels: chroma has one value for them."""
    left, right = plane[:, 0::2], plane[:, 1::2]
    pairs = left + right
    means: NDArray[np.float32] = (pairs[0::2] + pairs[1::2]) * np.float32(0.25)
    return means


def _rounded(planes: list[NDArray[np.float32]]) -> tuple[Plane, Plane, Plane]:
    first, second, third = (np.rint(plane.clip(0, 65535)).astype(np.uint16) for plane in planes)
    return first, second, third
