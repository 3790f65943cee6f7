"""Clips of one colour each, and the colours of a clip, picture by picture."""

import subprocess
from pathlib import Path

import av
import imageio_ffmpeg

RED = "red", "64x36", 25, 1.0, "-c:v libx264 -preset ultrafast -pix_fmt yuv420p"
GREEN = "lime", "48x96", 10, 0.7, "-c:v ffv1"
BLUE = "blue", "128x72", 30, 0.5, "-c:v libvpx-vp9 -deadline realtime -cpu-used 8"


def coloured(folder: Path, kind: tuple, sound: str = "", end: str = "mkv") -> Path:
    """A colour for a while, with a tone where a codec for it is named."""
    colour, size, rate, seconds, codec = kind
    target = folder / f"{colour}.{end}"
    line = f"-f lavfi -i color={colour}:s={size}:r={rate}:d={seconds}"
    if sound:
        line += f" -f lavfi -i sine=d={seconds} -c:a {sound}"
    program = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *line.split(), *codec.split()]
    subprocess.run([*program, str(target)], check=True, stdin=subprocess.DEVNULL)
    return target


def colours(file: Path) -> list[str]:
    """The colour in the middle of each picture."""
    with av.open(str(file)) as container:
        planes = [frame.reformat(format="rgb24").planes[0] for frame in container.decode(video=0)]
    return [_middle(bytes(plane), plane.line_size, plane.width, plane.height) for plane in planes]


def _middle(content: bytes, line: int, width: int, height: int) -> str:
    at = height // 2 * line + width // 2 * 3
    return max(zip(content[at : at + 3], "RGB", strict=True))[1]
