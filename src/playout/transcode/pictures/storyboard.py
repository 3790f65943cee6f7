"""A storyboard: small pictures in one large one, and the file that says which shows when."""

from dataclasses import dataclass
from math import ceil

from playout.transcode.encode.ladder import fit
from playout.transcode.inspect.probe import Probe
from playout.transcode.manifests.streams import QUERY_PLACEHOLDER
from playout.transcode.names import STORYBOARD_IMAGE

TILES, COLUMNS, TILE_SIDE = 100, 10, 160


@dataclass(frozen=True, slots=True)
class Storyboard:
    """Pictures in rows of `COLUMNS`; each stands for as many `seconds`."""

    seconds: float
    count: int
    width: int
    """Pixels of one picture, as is the next."""
    height: int


def storyboard_of(probe: Probe) -> Storyboard:
    """What that of a source looks like: a picture a second, and a hundred at the most."""
    duration = probe.duration_ms / 1000
    seconds = max(duration / TILES, 1.0)
    width, height = fit(probe.video.width, probe.video.height, TILE_SIDE)
    return Storyboard(
        round(seconds, 3), min(max(ceil(duration / seconds), 1), TILES), width, height
    )


def storyboard_cues(board: Storyboard, duration_ms: int) -> str:
    """WebVTT whose cues name a part of the large picture each (Media Fragments, `xywh`)."""
    ends = [board.seconds * number for number in range(1, board.count)]
    ends.append(max(duration_ms / 1000, board.seconds * board.count))
    blocks = ["WEBVTT\n"]
    for number, end in enumerate(ends):
        row, column = divmod(number, COLUMNS)
        x, y = column * board.width, row * board.height
        blocks.append(
            f"{_clock(number * board.seconds)} --> {_clock(end)}\n"
            f"{STORYBOARD_IMAGE}{QUERY_PLACEHOLDER}#xywh={x},{y},{board.width},{board.height}\n"
        )
    return "\n".join(blocks)


def _clock(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"
