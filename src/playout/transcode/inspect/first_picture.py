"""The first picture of a file as ffmpeg shows it: its size and its time."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from playout.transcode.ffmpeg import input_options
from playout.transcode.inspect.sniff import Container
from playout.transcode.sandbox.run import never_cancelled, run
from playout.transcode.sandbox.tools import Tools

_LOOKED_INTO = {"mp4", "matroska", "avi"}
"""MP4 and Matroska can say that only a part of each picture is shown (`clap`, PixelCrop). AVI tells
only when pictures are decoded."""
_TICK = re.compile(r"#tb 0: (\d+/\d+)")
_DIMENSIONS = re.compile(r"#dimensions 0: (\d+)x(\d+)\s+#sar 0: (\d+)/(\d+)")
_TIME = re.compile(r"^0, +-?\d+, +(\d+),", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FirstPicture:
    """The first picture of a video stream."""

    size: tuple[int, int] | None = None
    """Width and height in square pixels, after cropping and rotation."""
    time: float | None = None
    """The second at which it is shown."""


def first_picture(
    source: Path,
    container: Container,
    index: int,
    tools: Tools,
    *,
    cancelled: Callable[[], bool] = never_cancelled,
) -> FirstPicture:
    """Return the first picture of a video stream.

    Nothing is known of it if ffmpeg finds no picture, or if its container leaves nothing open.
    Raise `WorkCancelled` if `cancelled()` returns True.
    """
    if container not in _LOOKED_INTO:
        return FirstPicture()
    command = [
        *(str(tools.ffmpeg), "-hide_banner", "-nostdin", "-v", "error"),
        # More threads would decode more pictures.
        *input_options(source.absolute(), container, tools, ["-threads", "1"]),
        *("-map", f"0:{index}", "-frames:v", "1", "-c:v", "wrapped_avframe"),
        *("-f", "framecrc", "pipe:1"),
    ]
    completed = run(
        command,
        tools.confinement(tools.limits.probe_seconds),
        readable=[tools.ffmpeg, source.absolute()],
        cancelled=cancelled,
    )
    return FirstPicture(_size(completed.stdout), _time(completed.stdout))


def _size(printed: str) -> tuple[int, int] | None:
    found = _DIMENSIONS.search(printed)
    if found is None:
        return None
    width, height, across, down = (int(number) for number in found.groups())
    return max(round(width * across / (down or 1)) if across else width, 1), height


def _time(printed: str) -> float | None:
    tick, ticks = _TICK.search(printed), _TIME.search(printed)
    return float(int(ticks[1]) * Fraction(tick[1])) if tick and ticks else None
