"""The tasks of the process in the sandbox. Arguments and results are JSON."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import skia

from playout.compose.assets import Assets, is_picture
from playout.compose.drawing.fonts import own_faces
from playout.compose.drawing.lint import lint
from playout.compose.drawing.lottie import can_be_drawn
from playout.compose.drawing.sheet import composed, draw_sheet
from playout.compose.manifest.data import check_data
from playout.compose.manifest.model import read_manifest

Files = Mapping[str, str]
"""Paths, by the names of the assets."""


def font_families(fonts: Files) -> dict[str, str | None]:
    """Return the family of each font; None for a file that is no font."""
    families = {}
    for name, path in fonts.items():
        faces = own_faces(Path(path).read_bytes())
        families[name] = faces[0].family if faces else None
    return families


def unreadable_animations(animations: Files) -> list[str]:
    """Return the names of animations that cannot be drawn."""
    contents = _contents(animations)
    return [name for name, content in contents.items() if not can_be_drawn(content)]


def lint_manifest(manifest: Any, assets: Files, width: int, height: int) -> list[dict[str, str]]:
    """Return the findings about a manifest."""
    found = lint(read_manifest(manifest), _contents(assets), width, height)
    return [{"element": each.element, "message": each.message} for each in found]


def draw(
    *,
    manifest: Any,
    data: Mapping[str, Any],
    assets: Files,
    moments: list[tuple[float, str | None]],
    columns: int,
    out: str,
) -> None:
    """Write a PNG of the film at some moments, each with the path of its frame, side by side."""
    template = read_manifest(manifest)
    values = check_data(template, data, frozenset(filter(is_picture, assets)))
    frames = [(t, _frame(path)) for t, path in moments]
    sheet = draw_sheet(template, values, frames, columns, _contents(assets))
    sheet.save(out, skia.kPNG)


def draw_frames(
    *,
    manifest: Any,
    data: Mapping[str, Any],
    assets: Files,
    frames: list[tuple[float, str, str]],
) -> None:
    """Write a PNG of each frame, with its moment, its path and the path of the PNG."""
    template = read_manifest(manifest)
    values = check_data(template, data, frozenset(filter(is_picture, assets)))
    contents = _contents(assets)
    for t, path, out in frames:
        composed(template, values, t, _frame(path), contents).save(out, skia.kPNG)


def _frame(path: str | None) -> skia.Image | None:
    return skia.Image.open(path) if path else None


def _contents(assets: Files) -> Assets:
    return {name: Path(path).read_bytes() for name, path in assets.items()}


TASKS: Mapping[str, Callable[..., Any]] = {
    "font_families": font_families,
    "unreadable_animations": unreadable_animations,
    "lint": lint_manifest,
    "draw": draw,
    "draw_frames": draw_frames,
}
