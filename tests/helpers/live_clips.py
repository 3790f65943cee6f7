"""Short clips of many kinds, made on the spot with the ffmpeg that comes with Playout."""

import subprocess
from pathlib import Path

import imageio_ffmpeg

PICTURE = "testsrc2=s={size}:r=25:d={seconds}"
SOUND = "sine=f=440:r=48000:d={seconds}"
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8")
OPUS = ("-c:a", "libopus")
MPEG4 = ("-c:v", "mpeg4", "-q:v", "3")
"""No browser plays it, so that it has to be encoded anew."""


def ffmpeg(*arguments: str | Path) -> None:
    program = imageio_ffmpeg.get_ffmpeg_exe()
    line = [program, "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def make_clip(
    target: Path,
    *codecs: str,
    size: str = "320x180",
    seconds: float = 2.5,
    sound: bool = True,
    filters: str = "null",
) -> Path:
    """A moving test picture, with a tone unless told otherwise."""
    inputs = ["-f", "lavfi", "-i", PICTURE.format(size=size, seconds=seconds)]
    if sound:
        inputs += ["-f", "lavfi", "-i", SOUND.format(seconds=seconds)]
    ffmpeg(*inputs, "-vf", filters, *(codecs or (*H264, *AAC)), target)
    return target


def make_heavy_clip(target: Path, seconds: float = 15) -> Path:
    """A clip of which every second takes a while to encode."""
    return make_clip(target, *MPEG4, "-an", size="1280x720", seconds=seconds, sound=False)


def turn(source: Path, target: Path, degrees: int) -> Path:
    """The same clip with a flag that says to turn the picture, as phones write it."""
    ffmpeg("-display_rotation", str(degrees), "-i", source, "-c", "copy", target)
    return target
