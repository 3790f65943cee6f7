"""A poster that somebody chose: a picture of their own, or a moment of the video."""

from pathlib import Path

from playout.kit.errors import Invalid
from playout.transcode.encode.ffmpeg import input_of, start_of
from playout.transcode.pictures.picture_set import POSTERS, posters_from, size_of
from playout.transcode.sandbox.run import run
from playout.transcode.sandbox.tools import Tools

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
_STARTS = {b"\xff\xd8\xff": "mjpeg", b"\x89PNG\r\n\x1a\n": "png", b"RIFF": "webp"}
_DEMUXERS = {"mjpeg": "jpeg_pipe", "png": "png_pipe", "webp": "webp_pipe"}
_LAST_SECONDS = 0.2
"""This near to the end there may be no other picture."""


def posters_of_image(image: Path, folder: Path, tools: Tools) -> tuple[int, int]:
    """Make `POSTERS` of a JPEG, PNG or WebP, in `folder`; return the size of the largest.

    Raises `Invalid` for anything else, and for a picture that is damaged or too large.
    """
    with image.open("rb") as file:
        head = file.read(12)
    decoder = next((name for start, name in _STARTS.items() if head.startswith(start)), None)
    if decoder is None or (decoder == "webp" and head[8:] != b"WEBP"):
        raise Invalid("A poster is a JPEG, PNG or WebP picture.")
    demuxer = _DEMUXERS[decoder]
    line = [
        *start_of(tools),
        *("-protocol_whitelist", "file,pipe", "-codec_whitelist", decoder),
        *("-format_whitelist", demuxer, "-max_pixels", str(MOST_PIXELS), "-f", demuxer),
        *("-i", f"file:{image.absolute()}", *posters_from("[0:v:0]null")),
    ]
    if not _made(line, image, folder, tools):
        raise Invalid("This picture is damaged, larger than 50 megapixels, or far too thin.")
    return size_of(folder / POSTERS[1])


def posters_at(mp4: Path, seconds: float, duration_ms: int, folder: Path, tools: Tools) -> bool:
    """Make `POSTERS` of a moment of an MP4, in `folder`; say whether there was a picture."""
    moment = max(min(seconds, duration_ms / 1000 - _LAST_SECONDS), 0)
    line = [*start_of(tools), *input_of(mp4.absolute(), "mp4", tools)]
    line[line.index("-i") : line.index("-i")] = ["-ss", f"{moment:.3f}"]
    line += posters_from("[0:v:0]scale=w=iw*sar:h=ih,setsar=1")
    return _made(line, mp4, folder, tools)


def _made(line: list[str], source: Path, folder: Path, tools: Tools) -> bool:
    bounds = tools.confinement(tools.limits.probe_seconds)
    readable = [tools.ffmpeg, source.absolute()]
    done = run(line, bounds, folder=folder.absolute(), readable=readable)
    files = [folder / name for name in POSTERS]
    return done.returncode == 0 and all(file.exists() and file.stat().st_size for file in files)
