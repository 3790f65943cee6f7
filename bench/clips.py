"""A clip that is as hard to encode as a camera's: shapes that move, fine detail, grain."""

import subprocess
from pathlib import Path

from playout.transcode.trial import find_tools

PICTURE = (
    "mandelbrot=s={size}:r=25:start_scale=0.6:end_scale=0.02:end_pts=250,"
    "noise=alls=7:allf=t,gblur=sigma=0.6"
)
SOUND = "anoisesrc=c=pink:r=48000:a=0.2"


CALM = "mandelbrot=s={size}:r=25:start_scale=0.6:end_scale=0.3:end_pts=250,gblur=sigma=1.2"
"""The same without grain, and slower: its renditions need less than their highest rate."""


def natural(target: Path, size: str, seconds: float, *codecs: str, picture: str = PICTURE) -> Path:
    """H.264 at high quality with AAC, unless other codecs are named."""
    chosen = codecs or ("-c:v", "libx264", "-preset", "veryfast", "-crf", "16", "-g", "50")
    line = [
        *(str(find_tools().ffmpeg), "-v", "error", "-nostdin", "-y"),
        *("-f", "lavfi", "-i", picture.format(size=size), "-f", "lavfi", "-i", SOUND),
        *("-t", str(seconds), "-pix_fmt", "yuv420p", *chosen, "-c:a", "aac", str(target)),
    ]
    subprocess.run(line, check=True)
    return target


def repeated(source: Path, target: Path, times: int) -> Path:
    """The same pictures so many times over, copied, with one sound: without a gap at the joints."""
    program = str(find_tools().ffmpeg)
    line = [program, "-v", "error", "-nostdin", "-y", "-stream_loop", str(times - 1)]
    line += ["-i", str(source), "-f", "lavfi", "-i", SOUND, "-map", "0:v", "-map", "1:a"]
    subprocess.run([*line, "-c:v", "copy", "-c:a", "aac", "-shortest", str(target)], check=True)
    return target
