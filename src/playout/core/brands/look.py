"""The colours in which pages show a brand, so that all text on them reads."""

from dataclasses import dataclass

from playout.core.brands.model import Brand
from playout.kit.colors import adapted, contrast, readable_on

LIGHT, DARK = "#fbfaf7", "#0f1211"
"""The backgrounds of landing pages."""


@dataclass(frozen=True, slots=True)
class Look:
    """Colours as hexadecimal digits, and their contrasts."""

    light: str
    """The colour of the brand on light pages: as it is, or darker."""
    dark: str
    """The colour of the brand on dark pages: as it is, or lighter."""
    accent: str
    on_accent: str
    """The colour of the text on the accent."""
    color_on_light: float
    color_on_dark: float
    text_on_accent: float


def look_of(brand: Brand) -> Look:
    """Return the colours of a brand."""
    on_accent = readable_on(brand.accent)
    return Look(
        light=adapted(brand.color, LIGHT),
        dark=adapted(brand.color, DARK),
        accent=brand.accent,
        on_accent=on_accent,
        color_on_light=round(contrast(brand.color, LIGHT), 2),
        color_on_dark=round(contrast(brand.color, DARK), 2),
        text_on_accent=round(contrast(on_accent, brand.accent), 2),
    )
