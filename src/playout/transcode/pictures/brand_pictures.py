"""The logo and the favicon of a brand, made of a picture that a user sent."""

from pathlib import Path

from playout.kit.errors import Invalid
from playout.transcode.ffmpeg import ffmpeg_command
from playout.transcode.pictures.custom_poster import image_options
from playout.transcode.sandbox.run import run
from playout.transcode.sandbox.tools import Tools

MAX_BYTES = 2 * 1024 * 1024
LOGO_WIDTH, LOGO_HEIGHT = 640, 160
FAVICON_SIDE = 64
_LOGO = ["-vf", f"scale={LOGO_WIDTH}:{LOGO_HEIGHT}:force_original_aspect_ratio=decrease"]
_FAVICON = [
    "-vf",
    f"scale={FAVICON_SIDE}:{FAVICON_SIDE}:force_original_aspect_ratio=decrease,format=rgba,"
    f"pad={FAVICON_SIDE}:{FAVICON_SIDE}:-1:-1:color=black@0",
]


def make_logo(image: Path, folder: Path, tools: Tools) -> bytes:
    """Return a WebP of at most 640x160 pixels, transparent where the image is. Raise `Invalid`."""
    return _make(image, folder / "logo.webp", [*_LOGO, "-c:v", "libwebp", "-quality", "90"], tools)


def make_favicon(image: Path, folder: Path, tools: Tools) -> bytes:
    """Return a PNG of 64x64 pixels, transparent around the image. Raise `Invalid`."""
    return _make(image, folder / "favicon.png", [*_FAVICON, "-c:v", "png"], tools)


def _make(image: Path, out: Path, options: list[str], tools: Tools) -> bytes:
    command = [
        *ffmpeg_command(tools),
        *image_options(image),
        *options,
        *("-frames:v", "1", "-map_metadata", "-1", out.name),
    ]
    confinement = tools.confinement(tools.limits.probe_seconds)
    readable = [tools.ffmpeg, image.absolute()]
    completed = run(command, confinement, folder=out.parent.absolute(), readable=readable)
    if completed.returncode != 0 or not out.exists():
        raise Invalid("This picture is damaged or larger than 50 megapixels.")
    return out.read_bytes()
