"""The frame that everything is laid out in, whatever the rendition.

A text breaks at the same places in every rendition, since its lines are measured in one frame with
a fixed height. The picture is then drawn at the size of the rendition.
"""

from dataclasses import dataclass

import skia

from playout.compose.manifest.elements import Element

HEIGHT = 1080.0
_WIDTHS = 16
"""The width is rounded to a multiple: 854 × 480 has the shape of 1920 × 1080."""

_ANCHORS: dict[str, tuple[float, float]] = {
    "topLeft": (0, 0),
    "top": (0.5, 0),
    "topRight": (1, 0),
    "left": (0, 0.5),
    "center": (0.5, 0.5),
    "right": (1, 0.5),
    "bottomLeft": (0, 1),
    "bottom": (0.5, 1),
    "bottomRight": (1, 1),
}


@dataclass(frozen=True)
class Frame:
    """The size of the frame that elements are laid out in."""

    width: float
    height: float = HEIGHT

    def box_of(self, element: Element) -> skia.Rect:
        """Return the box of an element."""
        width, height = element.width * self.width, element.height * self.height
        right, down = _ANCHORS[element.anchor]
        x = element.x * self.width - right * width
        y = element.y * self.height - down * height
        return skia.Rect.MakeXYWH(x, y, width, height)


def frame_of(width: int, height: int) -> Frame:
    """Return the frame of renditions of this shape."""
    return Frame(max(_WIDTHS, round(HEIGHT * width / height / _WIDTHS) * _WIDTHS))


def color_of(text: str) -> int:
    """Return the colour `#rrggbb` or `#rrggbbaa` as Skia has it."""
    red, green, blue = (int(text[at : at + 2], 16) for at in (1, 3, 5))
    alpha = int(text[7:9], 16) if len(text) > 7 else 255
    return int(skia.ColorSetARGB(alpha, red, green, blue))
