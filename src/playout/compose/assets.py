"""The pictures and fonts of a template, as drawing gets them."""

from collections.abc import Mapping

Assets = Mapping[str, bytes]
"""The contents of pictures and fonts, by their names."""
NO_ASSETS: Assets = {}


def is_font(name: str) -> bool:
    """Return whether an asset of this name is a font, and not a picture."""
    return name.lower().endswith((".ttf", ".otf"))
