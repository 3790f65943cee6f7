"""The first picture of a video: one that is soon there, until a better one is chosen."""

import contextlib
from pathlib import Path

from playout.core.media.errors import MediaRejected
from playout.core.media.ffmpeg import input_of, start_of
from playout.core.media.sandbox import run
from playout.core.media.tools import Tools

LONGEST_SIDE = 1280
WINDOW_SECONDS = 30
NOT_BLACK = (
    # A picture is black when nearly all of it is darker than this; titles on black do not count.
    "blackframe=amount=0:threshold=40,"
    "metadata=mode=select:key=lavfi.blackframe.pblack:value=95:function=less"
)
_SCALE = (
    "scale=w=iw*sar:h=ih,setsar=1,"
    f"scale=w='min({LONGEST_SIDE},iw)':h='min({LONGEST_SIDE},ih)'"
    ":force_original_aspect_ratio=decrease:force_divisible_by=2"
)


def first_poster(mp4: Path, duration_ms: int, target_jpg: Path, tools: Tools) -> None:
    """Write a JPEG of one picture of `mp4`, at most 1280 pixels on its long side.

    A key frame near the beginning that is not black: most often only one has to be decoded. Else
    the first frame, black or not. Raises `MediaRejected` if there is none, `StorageFull`.
    """
    start = f"{duration_ms / 10_000:.3f}"
    near = ["-noaccurate_seek", "-skip_frame", "nokey", "-ss", start, "-t", str(WINDOW_SECONDS)]
    for where, filters in ((near, f"{_SCALE},{NOT_BLACK}"), ([], _SCALE)):
        if _drawn(mp4.absolute(), where, filters, target_jpg.absolute(), tools):
            return
    raise MediaRejected("Not one picture of this video can be decoded: the file is damaged.")


def _drawn(mp4: Path, where: list[str], filters: str, target: Path, tools: Tools) -> bool:
    line = [
        *start_of(tools),
        *input_of(mp4, "mp4", tools),
        *("-map", "0:v:0", "-vf", filters, "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "3"),
        *("-pix_fmt", "yuvj420p", "-f", "mjpeg", "-y", f"file:{target}"),
    ]
    # Input options stand before the input they belong to; a later -t wins over an earlier.
    line[line.index("-i") : line.index("-i")] = where
    bounds = tools.confinement(tools.limits.probe_seconds)
    with contextlib.suppress(MediaRejected):
        done = run(line, bounds, folder=target.parent, readable=[tools.ffmpeg, mp4])
        if done.returncode == 0 and target.exists() and target.stat().st_size > 0:
            return True
    target.unlink(missing_ok=True)
    return False
