"""The files of a template: checked in the sandbox, stored, and read again."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from playout.compose.lottie.document import read_lottie
from playout.compose.lottie.manifest import manifest_of
from playout.compose.manifest.model import read_manifest
from playout.compose.sandboxed.drawing import SandboxedDrawing
from playout.core.film_templates.checks import check_names, checked_assets
from playout.core.film_templates.fields import errors_within
from playout.core.film_templates.model import (
    OVERLAY,
    FilmTemplate,
    NewTemplate,
    StoredAsset,
    Warning,
)
from playout.core.processing.resources import Resources
from playout.core.processing.scratch import job_folder
from playout.transcode.pictures.frames import write_picture

_SHAPE = 1920, 1080
"""The frame in which a manifest is looked at before its film is known."""


@dataclass(frozen=True, slots=True)
class SentFiles:
    """The parts of an upload. The files are in a scratch folder."""

    name: str | None
    manifest: dict[str, Any] | None
    """None for an animation without one, which is the asset `OVERLAY`."""
    details: dict[str, Any] | None
    assets: Sequence[tuple[str, Path]]
    poster: Path | None


def store(resources: Resources, template_id: UUID, folder: Path, sent: SentFiles) -> NewTemplate:
    """Check what was sent, and store its files. Raise `Invalid` with the part that is wrong.

    The manifest is looked at, too: what may not look as meant is a warning.
    """
    drawing = SandboxedDrawing(folder, resources.tools)
    files = checked_assets(drawing, sent.assets)
    content = sent.manifest
    if content is None:
        overlay = read_lottie(files[OVERLAY].read_bytes())
        content = manifest_of(overlay, OVERLAY)
    with errors_within("manifest_json"):
        manifest = read_manifest(content)
    check_names(manifest, files)
    found = drawing.lint(content, files, *_SHAPE)
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
        manifest=content,
        details=sent.details,
        assets=_stored(resources, template_id, files),
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
