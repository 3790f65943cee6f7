"""The poster of a film: a picture in which something is drawn for its viewer."""

from pathlib import Path

from playout.compose.layers import touched_ranges
from playout.compose.sandboxed.drawing import SandboxedDrawing
from playout.core.processing.resources import Resources
from playout.core.processing.scratch import job_folder
from playout.core.renders.films import Film
from playout.transcode.pictures.frames import write_frame

WIDTH = 1280
_AFTER_ENTERING = 0.5
"""The part of the first drawing at whose middle it has come in, and is not leaving yet."""


def draw_poster(resources: Resources, film: Film) -> bytes:
    """Return the poster as a PNG."""
    second, _ = shown_moment(film)
    with job_folder(resources.job_folders) as folder:
        assets = write_assets(film, folder)
        frame = _frame(resources, film, second, folder)
        drawing = SandboxedDrawing(folder, resources.tools)
        return drawing.draw(film.template.manifest, film.data, assets, [(second, frame)])


def write_assets(film: Film, folder: Path) -> dict[str, Path]:
    """Write the pictures and fonts of a film's template into a folder; return their files."""
    assets: dict[str, Path] = {}
    for number, (name, content) in enumerate(film.template.assets.items()):
        assets[name] = folder / f"asset-{number}{Path(name).suffix}"
        assets[name].write_bytes(content)
    return assets


def shown_moment(film: Film) -> tuple[float, float]:
    """Return the middle of the first drawing that the viewer sees, and the end of that.

    Both are seconds of the base.
    """
    segments = film.layout.segments()
    last = float(segments[-1].end)
    for start, end in touched_ranges(film.manifest, film.values):
        second = start + (min(end, last) - start) * _AFTER_ENTERING
        if start < last and not film.left_out.holds(second):
            return second, min(end, last)
    seen = min(set(range(len(segments))) - film.left_out.pictures)
    return float(segments[seen].start), last


def _frame(resources: Resources, film: Film, second: float, folder: Path) -> Path | None:
    rendition = film.layout.renditions[-1]
    source, frame = folder / "film.mp4", folder / "frame.png"
    resources.storage.fetch(f"{film.folder}/{rendition.file}", source)
    has_frame = write_frame(source, second, WIDTH, frame, resources.tools)
    return frame if has_frame else None
