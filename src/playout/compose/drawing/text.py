"""Texts: broken into lines, shrunk to fit their box, and drawn line by line."""

from collections.abc import Callable
from dataclasses import dataclass

import skia

from playout.compose.drawing.directions import (
    line_by_line,
    runs_to_the_left,
    with_explicit_isolates,
)
from playout.compose.drawing.drawn import Drawn
from playout.compose.drawing.fonts import Fonts
from playout.compose.drawing.frame import HEIGHT, Frame, color_of
from playout.compose.drawing.lines import broken, shortened
from playout.compose.drawing.shadows import shadowed
from playout.compose.drawing.shapes import stroke_pen
from playout.compose.drawing.typesetting import Typesetter
from playout.compose.manifest.elements import TextElement

MAX_LETTERS = 2000
"""Characters of a text that are looked at: no frame has room for more, and breaking takes time."""
_SHRINKING = 0.96
"""The share of its size by which a text shrinks at a time."""
_ROUNDING = 0.01


@dataclass(frozen=True)
class Setting:
    """A text as it is set: its size, and its lines from top to bottom."""

    size: float
    lines: list[str]
    leftwards: bool
    fits: bool


def set_text(element: TextElement, frame: Frame, typesetter: Typesetter) -> Setting:
    """Return how a text is set in its box."""
    box = frame.box_of(element)
    text = with_explicit_isolates(element.text[:MAX_LETTERS].replace("\t", " "))
    leftwards = runs_to_the_left(text)
    size, least = element.size * HEIGHT, element.size * HEIGHT * (element.shrink_to or 1)
    while True:

        def measure(line: str, size: float = size) -> float:
            return typesetter.width(line, size)

        lines = _broken(element, text, box.width(), measure)
        room = _room(element, box.height(), size)
        fits = len(lines) <= room and all(
            measure(line) <= box.width() + _ROUNDING for line in lines
        )
        if fits or size * _SHRINKING < least - _ROUNDING:
            break
        size *= _SHRINKING
    if not fits:
        lines = _cut(lines, room, box.width(), measure)
    return Setting(size, lines, leftwards, fits)


def draw_text(element: TextElement, frame: Frame, fonts: Fonts, language: str) -> Drawn:
    """Return the drawing of a text. What does not fit its box ends with an ellipsis."""
    typesetter = Typesetter(element.font, fonts, element.text, language)
    setting = set_text(element, frame, typesetter)
    block = _block(element, setting, frame.box_of(element), typesetter)
    outline = element.stroke.width * HEIGHT if element.stroke else 0.0
    # Some letters are higher than their line, and some lean out of it.
    reach = setting.size * 0.6 + outline
    drawn = Drawn(block.makeOutset(reach, reach), _painter(element, setting, block, typesetter))
    return shadowed(drawn, element.shadow)


def _block(
    element: TextElement, setting: Setting, box: skia.Rect, typesetter: Typesetter
) -> skia.Rect:
    """Return the part of its box that a text fills."""
    height = setting.size * element.line_height * len(setting.lines)
    width = max(typesetter.width(line, setting.size) for line in setting.lines)
    down = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[element.vertical_align]
    x = box.left() + (box.width() - width) * _indent(element, leftwards=setting.leftwards)
    y = box.top() + (box.height() - height) * down
    return skia.Rect.MakeXYWH(x, y, width, height)


def _painter(
    element: TextElement, setting: Setting, block: skia.Rect, typesetter: Typesetter
) -> Callable[[skia.Canvas], None]:
    pitch = setting.size * element.line_height
    baseline = block.top() + (pitch - setting.size) / 2 + typesetter.ascent * setting.size
    lines = line_by_line(setting.lines, leftwards=setting.leftwards)
    share = _indent(element, leftwards=setting.leftwards)
    pens = _pens(element)

    def paint(canvas: skia.Canvas) -> None:
        for pen in pens:
            for at, line in enumerate(lines):
                paragraph = typesetter.paragraph(line, setting.size, pen)
                x = block.left() + (block.width() - paragraph.LongestLine) * share
                y = baseline + at * pitch - paragraph.AlphabeticBaseline
                paragraph.paint(canvas, x, y)

    return paint


def _broken(
    element: TextElement, text: str, width: float, measure: Callable[[str], float]
) -> list[str]:
    return broken(text, width, measure) if element.wrap else text.split("\n")


def _room(element: TextElement, height: float, size: float) -> int:
    """Return the number of lines for which there is room: one at least."""
    room = max(1, int((height + _ROUNDING) / (size * element.line_height)))
    return min(room, element.max_lines or room)


def _cut(lines: list[str], room: int, width: float, measure: Callable[[str], float]) -> list[str]:
    kept = [shortened(line, width, measure) for line in lines[:room]]
    if len(lines) > room:
        kept[-1] = shortened(lines[room - 1], width, measure, force=True)
    return kept


def _indent(element: TextElement, *, leftwards: bool) -> float:
    """Return the share of the free width that lies to the left of a line."""
    sides = {"left": 0.0, "center": 0.5, "right": 1.0}
    sides |= {"start": float(leftwards), "end": float(not leftwards)}
    return sides[element.align]


def _pens(element: TextElement) -> list[skia.Paint]:
    """Return the paints of a text, in their order: its outline lies under its letters."""
    fill = skia.Paint(AntiAlias=True, Color=color_of(element.color))
    # Half of the line is covered by the letters.
    return [stroke_pen(element.stroke, 2), fill] if element.stroke else [fill]
