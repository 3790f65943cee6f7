"""A storyboard: small pictures in one large image, and a file that says which shows when."""

from dataclasses import dataclass
from math import ceil

from playout.transcode.encode.ladder import fit_within
from playout.transcode.inspect.probe import Probe
from playout.transcode.manifests.streams import QUERY_PLACEHOLDER
from playout.transcode.names import STORYBOARD_IMAGE
from playout.transcode.webvtt import timestamp

MAX_TILES, COLUMNS, TILE_SIDE = 100, 10, 160
SHORT_SECONDS, LONGEST_TILE_SECONDS = 20, 2
NEARLY_AS_OFTEN = 1.1
"""A camera's thirty frames last a little longer than a second. No storyboard shows that."""


@dataclass(frozen=True, slots=True)
class Storyboard:
    """The tiles of a storyboard, in rows of `COLUMNS`."""

    seconds: float
    """The part of the video that one tile stands for."""
    count: int
    width: int
    """Pixels of one tile."""
    height: int


def plan_storyboard(probe: Probe) -> Storyboard:
    """Return the storyboard of a source: a tile per second, and at most a hundred.

    If the source is not short and has a key frame in each two seconds, so has its storyboard: key
    frames are decoded in a tenth of the time.
    """
    duration = probe.video.ends_at
    seconds = max(duration / MAX_TILES, 1.0)
    interval = (probe.video.keyframe_interval_ms or 0) / 1000
    if duration >= SHORT_SECONDS and seconds < interval <= LONGEST_TILE_SECONDS * NEARLY_AS_OFTEN:
        seconds = max(seconds, min(interval, LONGEST_TILE_SECONDS))
    count = min(max(ceil(duration / seconds), 1), MAX_TILES)
    size = fit_within(probe.video.width, probe.video.height, TILE_SIDE)
    return Storyboard(round(seconds, 3), count, *size)


def storyboard_webvtt(storyboard: Storyboard, duration_ms: int) -> str:
    """Return WebVTT, each cue of which names one tile of the image (Media Fragments, `xywh`)."""
    ends = [storyboard.seconds * number for number in range(1, storyboard.count)]
    ends.append(max(duration_ms / 1000, storyboard.seconds * storyboard.count))
    blocks = ["WEBVTT\n"]
    for number, end in enumerate(ends):
        row, column = divmod(number, COLUMNS)
        x, y = column * storyboard.width, row * storyboard.height
        blocks.append(
            f"{timestamp(number * storyboard.seconds)} --> {timestamp(end)}\n"
            f"{STORYBOARD_IMAGE}{QUERY_PLACEHOLDER}"
            f"#xywh={x},{y},{storyboard.width},{storyboard.height}\n"
        )
    return "\n".join(blocks)
