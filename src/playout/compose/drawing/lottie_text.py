"""The texts of Lottie animations, set as all other texts are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import skia

from playout.compose.drawing.fonts import Fonts
from playout.compose.drawing.frame import HEIGHT, Frame
from playout.compose.drawing.text import draw_text
from playout.compose.drawing.typesetting import Typesetter
from playout.compose.lottie.document import Json, Lottie, name_of, text_at
from playout.compose.lottie.keyframes import opacity, placements
from playout.compose.manifest.elements import TextElement
from playout.compose.manifest.parts import Font

_LEAST_SIZE = 0.3
"""The share of its size to which a text shrinks that has no room."""
_ALIGNED = {0: "left", 1: "right", 2: "center"}
_SHIFTS = {"left": 0.0, "center": -0.5, "right": -1.0}
_WEIGHTS = {"thin": 100, "light": 300, "medium": 500, "semibold": 600, "bold": 700, "black": 900}


@dataclass(frozen=True)
class LottieTexts:
    """The texts of an animation: those of `texts` by the names of their layers, or its own."""

    lottie: Lottie
    texts: Mapping[str, str]
    fonts: Fonts
    language: str

    def paint(self, canvas: skia.Canvas, layer: Json, frame: float) -> None:
        """Draw a text layer at a frame. The units of the canvas are those of the animation."""
        if layer.get("hd") or not layer.get("ip", frame) <= frame < layer.get("op", frame + 1):
            return
        document = text_at(layer, frame)
        text = self.texts.get(name_of(layer), document["t"])
        text = text.replace("\r", "\n").replace("\x03", "\n")
        if not text.strip():
            return
        canvas.save()
        for each in placements(layer, self.lottie.layers, frame):
            canvas.translate(*each.position)
            canvas.rotate(each.rotation)
            canvas.scale(*each.scale)
            canvas.translate(-each.anchor[0], -each.anchor[1])
        # Texts are set in a frame of a fixed height.
        unit = self.lottie.height / HEIGHT
        canvas.scale(unit, unit)
        width = self.lottie.width / unit
        drawn = draw_text(self._element(document, text), Frame(width), self.fonts, self.language)
        canvas.saveLayerAlpha(drawn.bounds, round(255 * opacity(layer, frame)))
        drawn.paint(canvas)
        canvas.restore()
        canvas.restore()

    def _element(self, document: Json, text: str) -> TextElement:
        """Return a text of the animation as an element. Its box may lie anywhere."""
        lottie, size = self.lottie, float(document["s"])
        pitch = max(float(document.get("lh") or 1.2 * size), 0.8 * size)
        font = _font(lottie, str(document.get("f", "")))
        align = _ALIGNED.get(document.get("j", 0), "left")
        if document.get("sz"):
            (width, height), (x, y) = document["sz"][:2], document.get("ps", (0, 0))[:2]
            place = {"width": width / lottie.width, "height": height / lottie.height}
            place |= {"x": x / lottie.width, "y": y / lottie.height}
        else:
            # The origin of such a text is where its first line begins, at the foot of its letters.
            ascent = Typesetter(font, self.fonts, text, self.language).ascent
            place = {"width": 1.0, "height": 1.0, "x": _SHIFTS[align]}
            place["y"] = -((pitch - size) / 2 + ascent * size) / lottie.height
        values: dict[str, Any] = {
            **{"id": "text", "type": "text", "text": text, "start": 0.0, "end": 1.0, **place},
            **{"font": font, "size": size / lottie.height, "color": _color(document.get("fc"))},
            **{"align": align, "wrap": bool(document.get("sz")), "line_height": pitch / size},
            "shrink_to": _LEAST_SIZE,
        }
        return TextElement.model_construct(**values)


def _font(lottie: Lottie, name: str) -> Font:
    for each in lottie.content.get("fonts", {}).get("list", []):
        if each.get("fName") == name:
            style = str(each.get("fStyle", "")).lower().replace(" ", "").replace("-", "")
            weights = (weight for word, weight in _WEIGHTS.items() if word in style)
            family = str(each.get("fFamily") or "Noto Sans")[:100]
            return Font(family=family, weight=next(weights, 400), italic="italic" in style)
    return Font()


def _color(given: Any) -> str:
    if not isinstance(given, list) or len(given) < 3:
        return "#000000"
    return "#" + "".join(f"{round(255 * min(max(float(each), 0), 1)):02x}" for each in given[:3])
