"""A poster in several sizes and formats, written by one run of ffmpeg."""

import struct
from pathlib import Path

from playout.transcode.names import POSTER
from playout.transcode.pictures.first_poster import MAX_SIDE

POSTER_SIDES = (MAX_SIDE, 640, 320)
"""Pixels of the long side of each size. A poster that is smaller is not scaled up."""


def poster_name(side: int, extension: str = "jpg") -> str:
    """Return the file name of the poster of that size, as `jpg` or `webp`."""
    suffix = "" if side == MAX_SIDE else f"-{side}"
    return f"{POSTER.removesuffix('.jpg')}{suffix}.{extension}"


POSTERS = tuple(poster_name(side, each) for side in POSTER_SIDES for each in ("jpg", "webp"))
"""The file names of a poster in all sizes and formats, the largest first."""
LARGEST_WEBP = poster_name(MAX_SIDE, "webp")


def poster_options(graph: str) -> list[str]:
    """Return the options that write all `POSTERS` of the picture that `graph` ends with."""
    count = len(POSTER_SIDES)
    labels = "".join(f"[p{number}]" for number in range(count))
    chains, outputs = [f"{graph},split={count}{labels}"], []
    for number, side in enumerate(POSTER_SIDES):
        scale = f"scale=w='min({side},iw)':h='min({side},ih)':force_original_aspect_ratio=decrease"
        scale += ":force_divisible_by=2,format=yuv420p,setsar=1"
        chains.append(f"[p{number}]{scale},split=2[j{number}][w{number}]")
        outputs += ["-map", f"[j{number}]", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "3"]
        outputs += ["-pix_fmt", "yuvj420p", "-f", "mjpeg", "-y", f"file:{poster_name(side)}"]
        outputs += ["-map", f"[w{number}]", "-frames:v", "1", "-c:v", "libwebp", "-quality", "78"]
        outputs += ["-f", "webp", "-y", f"file:{poster_name(side, 'webp')}"]
    return ["-filter_complex", ";".join(chains), *outputs]


def webp_size(file: Path) -> tuple[int, int]:
    """Return width and height of a WebP that Playout wrote: lossy, and of one chunk."""
    with file.open("rb") as opened:
        head = opened.read(30)
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF
