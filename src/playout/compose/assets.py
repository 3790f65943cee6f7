"""The pictures, animations and fonts of a template, as drawing gets them."""

from collections.abc import Mapping

Assets = Mapping[str, bytes]
"""The contents of files, by their names."""
NO_ASSETS: Assets = {}


def is_lottie(name: str) -> bool:
    """Return whether an asset of this name is a Lottie animation."""
    return name.lower().endswith(".json")


def is_picture(name: str) -> bool:
    """Return whether an asset of this name is a picture."""
    return not is_font(name) and not is_lottie(name)


def is_font(name: str) -> bool:
    """Return whether an asset of this name is a font, and not a picture."""
    return name.lower().endswith((".ttf", ".otf"))
