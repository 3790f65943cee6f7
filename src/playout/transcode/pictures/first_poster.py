"""The first poster of a video: quickly there, and shown until a better one is made."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

from playout.transcode.encode.filters import stills_graph
from playout.transcode.encode.ladder import fit_within
from playout.transcode.encode.source import source_options
from playout.transcode.errors import MediaRejected
from playout.transcode.ffmpeg import ffmpeg_command
from playout.transcode.inspect.probe import Probe
from playout.transcode.sandbox.run import never_cancelled, run
from playout.transcode.sandbox.tools import Tools

MAX_SIDE = 1280
WINDOW_SECONDS = 30
NOT_BLACK = (
    # A picture is black if at least 95 % of its pixels are darker than 40. So a title on black is
    # passed over, too.
    "blackframe=amount=0:threshold=40,"
    "metadata=mode=select:key=lavfi.blackframe.pblack:value=95:function=less"
)


def write_first_poster(
    source: Path,
    probe: Probe,
    target_jpg: Path,
    tools: Tools,
    *,
    cancelled: Callable[[], bool] = never_cancelled,
) -> None:
    """Write a JPEG of one picture of `source`, with at most 1280 pixels on its long side.

    It is a key frame near the beginning that is not black; usually ffmpeg has to decode only one.
    If there is none, it is the first frame, black or not. Raise `MediaRejected` if there is no
    frame, `StorageFull` or `WorkCancelled`.
    """
    source, target = source.absolute(), target_jpg.absolute()
    start = f"{moment(probe, 0.1):.3f}"
    keyframes_near_start = [
        *("-noaccurate_seek", "-skip_frame", "nokey"),
        *("-ss", start, "-t", str(WINDOW_SECONDS)),
    ]
    size = fit_within(probe.video.width, probe.video.height, MAX_SIDE)
    chain = stills_graph(probe, None, size)
    attempts: tuple[tuple[Sequence[str], str], ...] = (
        (keyframes_near_start, f"{chain},{NOT_BLACK}"),
        ((), chain),
    )
    for options, graph in attempts:
        command = [
            *ffmpeg_command(tools),
            *source_options(source, probe, tools, options),
            *_jpeg_options(graph, target),
        ]
        if _try(command, source, target, tools, cancelled):
            return
    raise MediaRejected("Not one picture of this video can be decoded: the file is damaged.")


def moment(probe: Probe, share: float) -> float:
    """Return the seconds, for `-ss`, at which that share of the pictures has been shown."""
    starts_at = probe.video.starts_at
    return probe.begins_at + starts_at + (probe.video.ends_at - starts_at) * share


def _jpeg_options(graph: str, target: Path) -> list[str]:
    return [
        *("-filter_complex", f"{graph}[v]", "-map", "[v]", "-frames:v", "1", "-c:v", "mjpeg"),
        *("-q:v", "3", "-pix_fmt", "yuvj420p", "-f", "mjpeg", "-y", f"file:{target}"),
    ]


def _try(
    command: list[str], source: Path, target: Path, tools: Tools, cancelled: Callable[[], bool]
) -> bool:
    """Run the command; return whether it wrote a picture. If it did not, no file is left."""
    confinement = tools.confinement(tools.limits.probe_seconds)
    readable = [tools.ffmpeg, source]
    with contextlib.suppress(MediaRejected):
        completed = run(
            command, confinement, folder=target.parent, readable=readable, cancelled=cancelled
        )
        if completed.returncode == 0 and target.exists() and target.stat().st_size > 0:
            return True
    target.unlink(missing_ok=True)
    return False
