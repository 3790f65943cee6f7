"""A poster that a user chose: an image of their own, or a moment of the video."""

from pathlib import Path

from playout.kit.errors import Invalid
from playout.transcode.ffmpeg import ffmpeg_command, input_options
from playout.transcode.pictures.posters import (
    LARGEST_WEBP,
    POSTERS,
    poster_options,
    webp_size,
)
from playout.transcode.sandbox.run import run
from playout.transcode.sandbox.tools import Tools

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
_SIGNATURES = {b"\xff\xd8\xff": "mjpeg", b"\x89PNG\r\n\x1a\n": "png", b"RIFF": "webp"}
"""The first bytes of an image, and ffmpeg's decoder for it."""
_DEMUXERS = {"mjpeg": "jpeg_pipe", "png": "png_pipe", "webp": "webp_pipe"}
_LAST_SECONDS = 0.2
"""The end of a video, in which no other picture may follow."""


def posters_from_image(image: Path, folder: Path, tools: Tools) -> tuple[int, int]:
    """Write `POSTERS` of a JPEG, PNG or WebP into `folder`; return the size of the largest.

    Raise `Invalid` for any other file, and for an image that is damaged or too large.
    """
    command = [
        *ffmpeg_command(tools),
        *image_options(image),
        *poster_options("[0:v:0]null"),
    ]
    if not _write_posters(command, image, folder, tools):
        raise Invalid("This picture is damaged, larger than 50 megapixels, or far too thin.")
    return webp_size(folder / LARGEST_WEBP)


def posters_from_video(
    mp4: Path, seconds: float, duration_ms: int, folder: Path, tools: Tools
) -> bool:
    """Write `POSTERS` of a moment of an MP4 into `folder`; return whether there is a picture."""
    moment = max(min(seconds, duration_ms / 1000 - _LAST_SECONDS), 0)
    command = [
        *ffmpeg_command(tools),
        *input_options(mp4.absolute(), "mp4", tools, ["-ss", f"{moment:.3f}"]),
        *poster_options("[0:v:0]scale=w=iw*sar:h=ih,setsar=1"),
    ]
    return _write_posters(command, mp4, folder, tools)


def image_options(image: Path) -> list[str]:
    """Return the options of ffmpeg that read a JPEG, PNG or WebP, and nothing else.

    Raise `Invalid` for any other file.
    """
    decoder = _sniff_decoder(image)
    demuxer = _DEMUXERS[decoder]
    return [
        *("-protocol_whitelist", "file,pipe", "-codec_whitelist", decoder),
        *("-format_whitelist", demuxer, "-max_pixels", str(MAX_PIXELS), "-f", demuxer),
        *("-i", f"file:{image.absolute()}"),
    ]


def _sniff_decoder(image: Path) -> str:
    with image.open("rb") as file:
        head = file.read(12)
    decoder = next((each for start, each in _SIGNATURES.items() if head.startswith(start)), None)
    if decoder is None or (decoder == "webp" and head[8:] != b"WEBP"):
        raise Invalid("The picture must be a JPEG, PNG or WebP.")
    return decoder


def _write_posters(command: list[str], source: Path, folder: Path, tools: Tools) -> bool:
    confinement = tools.confinement(tools.limits.probe_seconds)
    readable = [tools.ffmpeg, source.absolute()]
    completed = run(command, confinement, folder=folder.absolute(), readable=readable)
    files = [folder / name for name in POSTERS]
    return completed.returncode == 0 and all(
        file.exists() and file.stat().st_size for file in files
    )
