"""Colours and their contrast, as WCAG 2.2 defines it."""

import colorsys
import re

HEX = re.compile(r"#[0-9a-f]{6}")
AA_TEXT = 4.5
"""The least contrast of text (AA)."""
STEPS = 100


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours such as `#0d4f4a`: from 1, the same, to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(background: str, dark: str = "#15171c", light: str = "#ffffff") -> str:
    """Return which of two colours reads better on a background."""
    return max((dark, light), key=lambda color: contrast(color, background))


def adapted(color: str, background: str, least: float = AA_TEXT) -> str:
    """Return the colour, made so much lighter or darker that it reads on the background.

    The hue stays. A colour that reads already is returned as it is.
    """
    target = 1.0 if _luminance(background) < 0.18 else 0.0
    hue, lightness, saturation = colorsys.rgb_to_hls(*(each / 255 for each in _rgb(color)))
    for step in range(STEPS + 1):
        moved = lightness + (target - lightness) * step / STEPS
        candidate = _hex(colorsys.hls_to_rgb(hue, moved, saturation)) if step else color
        if contrast(candidate, background) >= least:
            return candidate
    return readable_on(background)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(each / 255) for each in _rgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(each * 255):02x}" for each in parts)
