"""The first picture of a video: one that is soon there, until a better one is chosen."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from playout.transcode.encode.ffmpeg import input_of, start_of
from playout.transcode.encode.filters import few_pictures
from playout.transcode.encode.ladder import fit
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.probe import Probe
from playout.transcode.sandbox.run import never, run
from playout.transcode.sandbox.tools import Tools

LONGEST_SIDE = 1280
WINDOW_SECONDS = 30
NOT_BLACK = (
    # A picture is black when nearly all of it is darker than this; titles on black do not count.
    "blackframe=amount=0:threshold=40,"
    "metadata=mode=select:key=lavfi.blackframe.pblack:value=95:function=less"
)


def first_poster(
    source: Path,
    before: Probe,
    target_jpg: Path,
    tools: Tools,
    *,
    cancelled: Callable[[], bool] = never,
) -> None:
    """Write a JPEG of one picture of `source`, at most 1280 pixels on its long side.

    A key frame near the beginning that is not black: most often only one has to be decoded. Else
    the first frame, black or not. Raises `MediaRejected` if there is none, `StorageFull`,
    `WorkCancelled`.
    """
    source, target = source.absolute(), target_jpg.absolute()
    start = f"{before.duration_ms / 10_000:.3f}"
    near = ["-noaccurate_seek", "-skip_frame", "nokey", "-ss", start, "-t", str(WINDOW_SECONDS)]
    size = fit(before.video.width, before.video.height, LONGEST_SIDE)
    shown = few_pictures(before.video, None, size)
    for where, graph in ((near, f"{shown},{NOT_BLACK}"), ([], shown)):
        line = [*start_of(tools), *input_of(source, before.container, tools)]
        # Input options stand before the input they belong to; a later -t wins over an earlier.
        line[line.index("-i") : line.index("-i")] = where
        if _is_drawn([*line, *_picture(graph, target)], source, target, tools, cancelled):
            return
    raise MediaRejected("Not one picture of this video can be decoded: the file is damaged.")


def _picture(graph: str, target: Path) -> list[str]:
    return [
        *("-filter_complex", f"{graph}[v]", "-map", "[v]", "-frames:v", "1", "-c:v", "mjpeg"),
        *("-q:v", "3", "-pix_fmt", "yuvj420p", "-f", "mjpeg", "-y", f"file:{target}"),
    ]


def _is_drawn(
    line: list[str], source: Path, target: Path, tools: Tools, cancelled: Callable[[], bool]
) -> bool:
    bounds, readable = tools.confinement(tools.limits.probe_seconds), [tools.ffmpeg, source]
    with contextlib.suppress(MediaRejected):
        done = run(line, bounds, folder=target.parent, readable=readable, cancelled=cancelled)
        if done.returncode == 0 and target.exists() and target.stat().st_size > 0:
            return True
    target.unlink(missing_ok=True)
    return False
