"""The preview of a film: a few seconds with what is drawn for its viewer, as an animated picture.

It begins where the drawing has come in, because some mail programs show the first frame alone.
"""

from playout.compose.sandboxed.drawing import SandboxedDrawing
from playout.core.processing.resources import Resources
from playout.core.processing.scratch import job_folder
from playout.core.renders.films import Film
from playout.core.renders.posters import shown_moment, write_assets
from playout.kit.errors import Unavailable
from playout.transcode.pictures.animation import drawn_file, write_animation, write_frames

WIDTH, FPS = 320, 6
LONGEST, SHORTEST = 3.0, 1.0
"""Seconds of a preview. It ends with the drawing if it can."""


def draw_preview(resources: Resources, film: Film) -> bytes:
    """Return the preview as a GIF. Raise `Unavailable` if it cannot be drawn now."""
    start, end = shown_moment(film)
    seconds = min(max(end - start, SHORTEST), LONGEST)
    with job_folder(resources.job_folders) as folder:
        source, out = folder / "film.mp4", folder / "preview.gif"
        smallest = film.layout.renditions[0]
        resources.storage.fetch(f"{film.folder}/{smallest.file}", source)
        files = write_frames(source, start, seconds, FPS, WIDTH, resources.tools)
        frames = [
            (start + number / FPS, frame, drawn_file(frame)) for number, frame in enumerate(files)
        ]
        drawing = SandboxedDrawing(folder, resources.tools)
        assets = write_assets(film, folder)
        drawing.draw_frames(film.template.manifest, film.data, assets, frames)
        if not write_animation(folder, FPS, out, resources.tools):
            raise Unavailable("The preview cannot be drawn at the moment.")
        return out.read_bytes()
