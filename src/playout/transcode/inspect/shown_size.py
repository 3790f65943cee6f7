"""The size at which ffmpeg shows the pictures of a file: after cropping and rotation."""

import re
from collections.abc import Callable
from pathlib import Path

from playout.transcode.ffmpeg import input_options
from playout.transcode.inspect.sniff import Container
from playout.transcode.sandbox.run import never_cancelled, run
from playout.transcode.sandbox.tools import Tools

_CROPPING_CONTAINERS = {"mp4", "matroska"}
"""Containers that can say that only a part of each picture is shown (`clap`, PixelCrop)."""
_DIMENSIONS = re.compile(r"#dimensions 0: (\d+)x(\d+)\s+#sar 0: (\d+)/(\d+)")


def shown_size(
    source: Path,
    container: Container,
    index: int,
    tools: Tools,
    *,
    cancelled: Callable[[], bool] = never_cancelled,
) -> tuple[int, int] | None:
    """Return width and height of the first picture of a video stream, in square pixels.

    None for a container that cannot crop, and if ffmpeg finds no picture. Raise `WorkCancelled` if
    `cancelled()` returns True.
    """
    if container not in _CROPPING_CONTAINERS:
        return None
    command = [
        *(str(tools.ffmpeg), "-hide_banner", "-nostdin", "-v", "error"),
        *input_options(source.absolute(), container, tools),
        *("-map", f"0:{index}", "-frames:v", "1", "-c:v", "wrapped_avframe"),
        *("-f", "framecrc", "pipe:1"),
    ]
    completed = run(
        command,
        tools.confinement(tools.limits.probe_seconds),
        readable=[tools.ffmpeg, source.absolute()],
        cancelled=cancelled,
    )
    found = _DIMENSIONS.search(completed.stdout)
    if found is None:
        return None
    width, height, across, down = (int(number) for number in found.groups())
    return max(round(width * across / (down or 1)) if across else width, 1), height
