"""A picture of a template's film at one moment, with the data of one viewer."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from playout.compose.assets import is_picture
from playout.compose.manifest.data import check_data
from playout.compose.sandboxed.drawing import SandboxedDrawing
from playout.core.film_templates import files, queries, service
from playout.core.film_templates.fields import errors_within
from playout.core.film_templates.model import FilmTemplate
from playout.core.media import queries as media
from playout.core.processing.resources import Resources
from playout.core.processing.scratch import job_folder
from playout.core.unit import ReadUnit
from playout.kit.errors import Invalid
from playout.transcode.names import MP4
from playout.transcode.pictures.frames import write_frame

WIDTH = 1280


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture that can be drawn: checked, and with all that it needs from the database."""

    template: FilmTemplate
    data: Mapping[str, Any]
    second: float
    film_key: str | None
    """The key of the film's MP4; None while there is none, and then the picture is grey."""
    film_seconds: float | None
    """Seconds that the film lasts; None while they are not known."""


def open_preview(
    unit: ReadUnit, project_uid: UUID, template_id: UUID, second: float, data: Mapping[str, Any]
) -> Preview:
    """Return what is to be drawn. Raise `NotFound`, and `Invalid` for data that is wrong."""
    template = service.get(unit, project_uid, template_id)
    pictures = frozenset(filter(is_picture, (each["name"] for each in template.assets)))
    with errors_within("personalization_data"):
        check_data(template.parsed(), data, pictures)
    video = queries.video_of(unit, template.project, template.video_uid)
    assets = media.by_ids(unit, {video.asset_id}) if video and video.asset_id else {}
    key, film_seconds = None, None
    for asset in assets.values():
        if asset.duration_ms is not None:
            film_seconds = asset.duration_ms / 1000
        if asset.duration_ms is not None and second * 1000 > asset.duration_ms:
            reason = f"The film lasts {asset.duration_ms / 1000:g} seconds."
            raise Invalid(reason, {"second": reason})
        key = f"media/{template.video_uid}/{asset.mp4_version or asset.version}/{MP4}"
    unit.session.expunge(template)
    return Preview(template, data, second, key, film_seconds)


def draw(resources: Resources, preview: Preview) -> bytes:
    """Return a PNG."""
    with job_folder(resources.job_folders) as folder:
        assets = files.fetch(resources, preview.template, folder)
        frame = _frame(resources, preview, folder)
        drawing = SandboxedDrawing(folder, resources.tools)
        moments = [(preview.second, frame)]
        return drawing.draw(preview.template.manifest, preview.data, assets, moments)


def _frame(resources: Resources, preview: Preview, folder: Path) -> Path | None:
    if preview.film_key is None:
        return None
    film, frame = folder / MP4, folder / "frame.png"
    resources.storage.fetch(preview.film_key, film)
    has_frame = write_frame(film, preview.second, WIDTH, frame, resources.tools)
    return frame if has_frame else None
