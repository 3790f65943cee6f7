"""Findings about a manifest: what may not look as its author means."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playout.compose.assets import Assets
from playout.compose.drawing.fonts import Fonts, fonts_of
from playout.compose.drawing.frame import Frame, frame_of
from playout.compose.drawing.text import set_text
from playout.compose.drawing.typesetting import Typesetter
from playout.compose.lottie.document import kept_lottie
from playout.compose.manifest.elements import Element, LottieElement, TextElement
from playout.compose.manifest.fields import (
    BooleanField,
    CurrencyField,
    DataField,
    DateField,
    ImageField,
    TextField,
    Value,
)
from playout.compose.manifest.model import BINDING, TemplateManifest
from playout.compose.manifest.resolve import resolve
from playout.kit.errors import Invalid

_NAMES = "Maximiliane Hohenfels-Adler "
"""Letters as wide as those of most names."""
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Finding:
    """A sentence about an element."""

    element: str
    message: str


def lint(manifest: TemplateManifest, assets: Assets, width: int, height: int) -> list[Finding]:
    """Return what may go wrong with a manifest in a frame of this shape."""
    fonts, frame = fonts_of(assets), frame_of(width, height)
    found = list(_outside(manifest.elements, frame))
    for animation in manifest.elements:
        if isinstance(animation, LottieElement):
            found += _lottie_fonts(animation, assets, fonts)
    texts = [each for each in manifest.elements if isinstance(each, TextElement)]
    for element in texts:
        found += _fonts(element, fonts, manifest.language)
    always = [each.model_copy(update={"when": None}) for each in texts]
    values = {name: _longest(field) for name, field in manifest.fields.items()}
    for filled in resolve(manifest.model_copy(update={"elements": always}), values):
        if isinstance(filled, TextElement):
            found += _room(filled, frame, fonts, manifest.language)
    return found


def _outside(elements: list[Element], frame: Frame) -> Iterator[Finding]:
    for element in elements:
        box = frame.box_of(element)
        across = box.left() < frame.width and box.right() > 0
        if not (across and box.top() < frame.height and box.bottom() > 0):
            yield Finding(element.id, "The element lies outside of the frame: nobody sees it.")
        elif (
            min(box.left(), box.top()) < -_ROUNDING * frame.width
            or box.right() > frame.width * (1 + _ROUNDING)
            or box.bottom() > frame.height * (1 + _ROUNDING)
        ):
            yield Finding(element.id, "A part of the element lies outside of the frame.")


def _fonts(element: TextElement, fonts: Fonts, language: str) -> Iterator[Finding]:
    family = element.font.family
    if family not in fonts.families:
        yield Finding(element.id, f"There is no font “{family}”: the bundled ones are used.")
    words = BINDING.sub("", element.text)
    missing = sorted(set(Typesetter(element.font, fonts, words, language).missing(words)))
    if missing:
        letters = ", ".join(f"{each} (U+{ord(each[0]):04X})" for each in missing[:10])
        yield Finding(element.id, f"No font has these letters: {letters}.")


def _lottie_fonts(element: LottieElement, assets: Assets, fonts: Fonts) -> Iterator[Finding]:
    try:
        listed = kept_lottie(assets.get(element.asset, b"")).content.get("fonts", {})
    except Invalid:
        return
    for family in sorted({str(each.get("fFamily")) for each in listed.get("list", [])}):
        if family not in fonts.families:
            yield Finding(element.id, f"There is no font “{family}”: the bundled ones are used.")


def _room(element: TextElement, frame: Frame, fonts: Fonts, language: str) -> Iterator[Finding]:
    typesetter = Typesetter(element.font, fonts, element.text, language)
    if not set_text(element, frame, typesetter).fits:
        yield Finding(
            element.id,
            "With values as long as its fields allow, the text has no room in its box and ends"
            " with an ellipsis: make the box larger, `shrinkTo` smaller, or `maxLength` shorter.",
        )


def _longest(field: DataField) -> Value | None:
    if isinstance(field, TextField):
        return (_NAMES * (field.max_length // len(_NAMES) + 1))[: field.max_length].rstrip()
    return _LONGEST.get(type(field), 1_234_567.89)


_LONGEST: Mapping[type, Value | None] = {
    BooleanField: True,
    CurrencyField: 1_234_567.89,
    DateField: datetime.date(2026, 9, 30),
    ImageField: None,
}
