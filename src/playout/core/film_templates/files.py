"""The files of a template: checked in the sandbox, stored, and read again."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from playout.compose.assets import is_font
from playout.compose.manifest.elements import ImageElement
from playout.compose.manifest.fields import ImageField
from playout.compose.manifest.model import TemplateManifest, image_field, read_manifest
from playout.compose.sandboxed.drawing import SandboxedDrawing
from playout.core.film_templates.fields import errors_within
from playout.core.film_templates.model import FilmTemplate, NewTemplate, StoredAsset, Warning
from playout.core.processing.resources import Resources
from playout.core.processing.scratch import job_folder
from playout.kit.errors import Invalid
from playout.transcode.pictures.frames import write_picture

MOST_ASSETS = 50
_NAME = re.compile(r"[\w .()+-]{1,255}")
_SHAPE = 1920, 1080
"""The frame in which a manifest is looked at before its film is known."""


@dataclass(frozen=True, slots=True)
class SentFiles:
    """The parts of an upload. The files are in a scratch folder."""

    name: str | None
    manifest: Any
    details: dict[str, Any] | None
    assets: Sequence[tuple[str, Path]]
    poster: Path | None


def store(resources: Resources, template_id: UUID, folder: Path, sent: SentFiles) -> NewTemplate:
    """Check what was sent, and store its files. Raise `Invalid` with the part that is wrong.

    The manifest is looked at, too: what may not look as meant is a warning.
    """
    with errors_within("manifest_json"):
        manifest = read_manifest(sent.manifest)
    drawing = SandboxedDrawing(folder, resources.tools)
    pictures, fonts = _checked(resources, folder, drawing, sent.assets)
    _check_pictures(manifest, pictures)
    found = drawing.lint(sent.manifest, fonts, *_SHAPE)
    poster = None
    if sent.poster:
        poster = folder / "poster.png"
        write_picture(sent.poster, poster, resources.tools)
    warnings: list[Warning] = [
        {"element": each["element"], "message": each["message"]} for each in found
    ]
    return NewTemplate(
        id=template_id,
        name=sent.name,
        manifest=sent.manifest,
        details=sent.details,
        assets=_stored(resources, template_id, {**pictures, **fonts}),
        poster_key=_put(resources, template_id, poster) if poster else None,
        warnings=warnings,
    )


def discard(resources: Resources, new: NewTemplate) -> None:
    """Remove the stored files of a template that was not created."""
    keys = [each["key"] for each in new.assets] + ([new.poster_key] if new.poster_key else [])
    for key in keys:
        resources.storage.delete(key)


def fetch(resources: Resources, template: FilmTemplate, folder: Path) -> dict[str, Path]:
    """Put the pictures and fonts of a template into a scratch folder."""
    files = {}
    for number, asset in enumerate(template.assets):
        target = folder / f"asset-{number}{Path(asset['name']).suffix}"
        resources.storage.fetch(asset["key"], target)
        files[asset["name"]] = target
    return files


def read(resources: Resources, key: str) -> bytes:
    """Return a small file from the storage."""
    with job_folder(resources.job_folders) as folder:
        resources.storage.fetch(key, folder / "file")
        return (folder / "file").read_bytes()


def _checked(
    resources: Resources,
    folder: Path,
    drawing: SandboxedDrawing,
    assets: Sequence[tuple[str, Path]],
) -> tuple[dict[str, Path], dict[str, Path]]:
    """Return the pictures, made anew, and the fonts. Raise `Invalid` for other files."""
    _check_names([name for name, _ in assets])
    fonts = {name: path for name, path in assets if is_font(name)}
    for name, family in (drawing.font_families(fonts) if fonts else {}).items():
        if family is None:
            raise _invalid(f"{name} is not a font that can be used.")
    pictures = {}
    for number, (name, path) in enumerate(assets):
        if name in fonts:
            continue
        pictures[name] = folder / f"picture-{number}.png"
        try:
            write_picture(path, pictures[name], resources.tools)
        except Invalid as error:
            raise _invalid(f"{name}: {error.message}") from None
    return pictures, fonts


def _check_names(names: list[str]) -> None:
    if len(names) > MOST_ASSETS:
        raise _invalid(f"A template may have {MOST_ASSETS} assets at the most.")
    for name in names:
        if not _NAME.fullmatch(name) or name.startswith("."):
            raise _invalid(
                "The name of an asset has letters, digits, spaces, and . ( ) + - _ only."
            )
        if names.count(name) > 1:
            raise _invalid(f"There are two assets with the name {name}.")


def _check_pictures(manifest: TemplateManifest, pictures: Mapping[str, Path]) -> None:
    """Raise `Invalid` for a picture that the manifest names and that was not sent."""
    for element in manifest.elements:
        if isinstance(element, ImageElement) and image_field(element) is None:
            _check_picture(f"Element {element.id}", element.asset, pictures)
    for name, field in manifest.fields.items():
        if isinstance(field, ImageField) and field.default is not None:
            _check_picture(f"Field {name}", field.default, pictures)


def _check_picture(place: str, asset: str, pictures: Mapping[str, Path]) -> None:
    if asset not in pictures:
        raise _invalid(f"{place} needs a picture {asset}, which was not sent.")


def _stored(
    resources: Resources, template_id: UUID, files: Mapping[str, Path]
) -> list[StoredAsset]:
    return [
        {
            "name": name,
            "key": _put(resources, template_id, path),
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for name, path in files.items()
    ]


def _put(resources: Resources, template_id: UUID, file: Path) -> str:
    key = f"templates/{template_id}/{uuid4()}"
    resources.storage.put(key, file)
    return key


def _invalid(message: str) -> Invalid:
    return Invalid(message, {"asset_files": message})
