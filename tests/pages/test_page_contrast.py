"""The colours of the stylesheet have the contrast that WCAG 2.2 AA requires."""

import re

import pytest

from playout.pages.static_files import STATIC_DIR

CSS = (STATIC_DIR / "site.css").read_text()
PAIRS = [
    (text, ground) for text in ("ink", "quiet") for ground in ("paper", "tile", "tile-edge")
] + [("signal", "paper"), ("badge-ink", "badge"), ("paper", "ink")]


def palette(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.S)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        colours |= re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)
    return colours


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_has_enough_contrast(scheme: str, text: str, ground: str) -> None:
    colours = palette(scheme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_browser_bar_has_the_colour_of_the_page(scheme: str) -> None:
    base = (STATIC_DIR.parent / "templates" / "base.html").read_text()
    assert f'(prefers-color-scheme: {scheme})" content="{palette(scheme)["paper"]}"' in base
