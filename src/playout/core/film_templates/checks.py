"""Checks of the pictures, animations and fonts that a template comes with."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from playout.compose.assets import is_font, is_lottie, is_picture
from playout.compose.lottie.document import read_lottie
from playout.compose.manifest.elements import ImageElement, LottieElement
from playout.compose.manifest.fields import ImageField
from playout.compose.manifest.model import TemplateManifest, image_field
from playout.compose.sandboxed.drawing import SandboxedDrawing
from playout.core.film_templates.model import OVERLAY
from playout.kit.errors import Invalid
from playout.transcode.pictures.frames import write_picture

MOST_ASSETS = 50
_NAME = re.compile(r"[\w .()+-]{1,255}")
_PLACES = {OVERLAY: "overlay_json"}
"""Assets that come in a field of their own."""


def checked_assets(
    drawing: SandboxedDrawing, assets: Sequence[tuple[str, Path]]
) -> dict[str, Path]:
    """Return the files of the assets. Pictures are written anew, so that only pixels are left.

    Raise `Invalid` for a file that cannot be used.
    """
    _check_file_names([name for name, _ in assets])
    files = dict(assets)
    _check_fonts(drawing, {name: files[name] for name in files if is_font(name)})
    _check_animations(drawing, {name: files[name] for name in files if is_lottie(name)})
    for number, name in enumerate(filter(is_picture, files)):
        written = drawing.folder / f"picture-{number}.png"
        try:
            write_picture(files[name], written, drawing.tools)
        except Invalid as error:
            raise _invalid(name, error.message) from None
        files[name] = written
    return files


def check_names(manifest: TemplateManifest, files: Mapping[str, Path]) -> None:
    """Raise `Invalid` for a file, or a text of an animation, that the manifest names in vain."""
    pictures = [name for name in files if is_picture(name)]
    for element in manifest.elements:
        if isinstance(element, ImageElement) and image_field(element) is None:
            _check_is_there(f"Element {element.id}", element.asset, pictures)
        elif isinstance(element, LottieElement):
            _check_is_there(f"Element {element.id}", element.asset, list(filter(is_lottie, files)))
            _check_texts(element, files[element.asset])
    for name, field in manifest.fields.items():
        if isinstance(field, ImageField) and field.default is not None:
            _check_is_there(f"Field {name}", field.default, pictures)


def _check_file_names(names: list[str]) -> None:
    if len(names) > MOST_ASSETS:
        raise _invalid("", f"A template may have {MOST_ASSETS} assets at the most.")
    for name in names:
        if not _NAME.fullmatch(name) or name.startswith("."):
            reason = "The name of an asset has letters, digits, spaces, and . ( ) + - _ only."
            raise _invalid("", reason)
        if names.count(name) > 1:
            raise _invalid("", f"There are two assets with the name {name}.")


def _check_fonts(drawing: SandboxedDrawing, fonts: Mapping[str, Path]) -> None:
    for name, family in (drawing.font_families(fonts) if fonts else {}).items():
        if family is None:
            raise _invalid(name, "It is not a font that can be used.")


def _check_animations(drawing: SandboxedDrawing, animations: Mapping[str, Path]) -> None:
    for name, path in animations.items():
        try:
            read_lottie(path.read_bytes())
        except Invalid as error:
            raise _invalid(name, error.message) from None
    for name in drawing.unreadable_animations(animations) if animations else ():
        raise _invalid(name, "This Lottie animation cannot be drawn.")


def _check_is_there(place: str, asset: str, names: Collection[str]) -> None:
    if asset not in names:
        raise _invalid("", f"{place} needs the asset {asset}, which was not sent.")


def _check_texts(element: LottieElement, file: Path) -> None:
    unknown = sorted(element.texts.keys() - read_lottie(file.read_bytes()).texts().keys())
    if unknown:
        reason = f"Element {element.id}: {element.asset} has no text layer named {unknown[0]}."
        raise Invalid(reason, {"manifest_json": reason})


def _invalid(name: str, reason: str) -> Invalid:
    message = f"{name}: {reason}" if name else reason
    return Invalid(message, {_PLACES.get(name, "asset_files"): message})
