"""One good picture of a video."""

import contextlib
from pathlib import Path

from playout.core.media.errors import MediaRejected
from playout.core.media.ffmpeg import input_of, start_of
from playout.core.media.sandbox import run
from playout.core.media.tools import Tools

LONGEST_SIDE = 1280
WINDOW_SECONDS = 5.0
# A picture is black when nearly all of it is darker than this; titles on black do not count.
_NOT_BLACK = (
    "blackframe=amount=0:threshold=40,"
    "metadata=mode=select:key=lavfi.blackframe.pblack:value=95:function=less"
)
_SCALE = (
    "scale=w=iw*sar:h=ih,setsar=1,"
    f"scale=w='min({LONGEST_SIDE},iw)':h='min({LONGEST_SIDE},ih)'"
    ":force_original_aspect_ratio=decrease:force_divisible_by=2"
)


def make_poster(mp4: Path, duration_ms: int, target_jpg: Path, tools: Tools) -> None:
    """Write a JPEG of a telling picture of `mp4`, at most 1280 pixels on its long side.

    Tried in turn: a typical picture out of the first third that is not black; a key frame from
    anywhere that is not black; the first frame, black or not. Raises `MediaRejected` if there is
    none, `StorageFull`.
    """
    start = duration_ms / 1000 * 0.1
    window = min(duration_ms / 1000 * 0.2, WINDOW_SECONDS)
    tries = [
        (
            ["-ss", f"{start:.3f}", "-t", f"{window:.3f}"],
            f"fps=10,{_SCALE},{_NOT_BLACK},thumbnail=n=50",
        ),
        (["-skip_frame", "nokey"], f"{_SCALE},{_NOT_BLACK},thumbnail=n=5"),
        ([], _SCALE),
    ]
    for where, filters in tries:
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
    # Hours of black may take too long to search; the next try is a quicker one.
    with contextlib.suppress(MediaRejected):
        done = run(line, bounds, folder=target.parent, readable=[tools.ffmpeg, mp4])
        if done.returncode == 0 and target.exists() and target.stat().st_size > 0:
            return True
    target.unlink(missing_ok=True)
    return False
