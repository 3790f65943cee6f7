"""Frames of a film, and pictures that are drawn over it, as PNG."""

from pathlib import Path

from playout.kit.errors import Invalid
from playout.transcode.ffmpeg import ffmpeg_command, input_options
from playout.transcode.inspect.sniff import sniff_container
from playout.transcode.pictures.custom_poster import image_options
from playout.transcode.sandbox.run import run
from playout.transcode.sandbox.tools import Tools

MAX_SIDE = 1920
"""Pixels of the long side of a picture that is drawn over a film."""
_FIT = f"scale=w='min({MAX_SIDE},iw)':h='min({MAX_SIDE},ih)':force_original_aspect_ratio=decrease"


def write_frame(film: Path, seconds: float, width: int, out: Path, tools: Tools) -> bool:
    """Write the frame of a film at a time; return whether there is one.

    Raise `MediaRejected` for a file that is no video.
    """
    scale = f"scale=w=iw*sar:h=ih,scale=w={width}:h=-2,setsar=1,format=rgb24"
    begin = ["-ss", f"{max(seconds, 0):.3f}"]
    source = input_options(film.absolute(), sniff_container(film), tools, begin)
    return _write_png([*source, "-map", "0:v:0", "-vf", scale], film, out, tools)


def write_picture(image: Path, out: Path, tools: Tools) -> None:
    """Write a JPEG, PNG or WebP anew, so that nothing but its pixels is left. Raise `Invalid`."""
    options = [*image_options(image), "-vf", f"{_FIT},format=rgba"]
    if not _write_png(options, image, out, tools):
        raise Invalid("This picture is damaged or larger than 50 megapixels.")


def _write_png(options: list[str], source: Path, out: Path, tools: Tools) -> bool:
    command = [
        *(*ffmpeg_command(tools), *options, "-frames:v", "1", "-c:v", "png"),
        *("-map_metadata", "-1", "-f", "image2", "-update", "1", "-y", f"file:{out.name}"),
    ]
    confinement = tools.confinement(tools.limits.probe_seconds)
    readable = [tools.ffmpeg, source.absolute()]
    completed = run(command, confinement, folder=out.parent.absolute(), readable=readable)
    return completed.returncode == 0 and out.exists() and out.stat().st_size > 0
