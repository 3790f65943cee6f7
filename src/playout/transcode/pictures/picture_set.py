"""All pictures that Playout makes of a video: a poster, a storyboard and a moving preview."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from math import ceil
from pathlib import Path

from playout.transcode.encode.filters import stills_graph
from playout.transcode.encode.ladder import fit_within
from playout.transcode.encode.source import source_options
from playout.transcode.errors import MediaRejected
from playout.transcode.ffmpeg import ffmpeg_command, run_ffmpeg
from playout.transcode.inspect.probe import Probe
from playout.transcode.names import PREVIEW, STORYBOARD_IMAGE
from playout.transcode.pictures.first_poster import MAX_SIDE, NOT_BLACK, moment
from playout.transcode.pictures.posters import POSTER_SIDES, POSTERS, poster_options
from playout.transcode.pictures.storyboard import (
    COLUMNS,
    NEARLY_AS_OFTEN,
    Storyboard,
    plan_storyboard,
)
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Tools

LONG_VIDEO_MS = 60_000
"""A longer video shows enough with its key frames alone. Of a shorter one, all frames that other
frames refer to are decoded, which is half the work of decoding every frame."""
MOST_TYPICAL = "thumbnail=30"
PREVIEW_SECONDS, PREVIEW_FPS = 3, 8


def make_pictures(
    source: Path,
    probe: Probe,
    folder: Path,
    tools: Tools,
    *,
    cancelled: Callable[[], bool] = never_cancelled,
) -> Storyboard:
    """Write `POSTERS`, `STORYBOARD_IMAGE` and `PREVIEW` of `source` into `folder`.

    The poster is the most typical of several pictures that are not black. A black video gets a
    black one. Raise `MediaRejected`, `StorageFull` or `WorkCancelled`.
    """
    source, storyboard = source.absolute(), plan_storyboard(probe)
    # The first attempt skips frames. In a few files that leaves no frame at all, and in a black
    # video no frame that is not black: the second attempt takes what there is.
    skip_most = "nokey" if _keyframes_suffice(probe, storyboard) else "noref"
    skip_few = "nokey" if probe.duration_ms > LONG_VIDEO_MS else "none"
    for skip, filters in (
        (skip_most, f"{NOT_BLACK},{MOST_TYPICAL}"),
        (skip_few, MOST_TYPICAL),
    ):
        command = _stills_command(source, probe, storyboard, tools, skip=skip, filters=filters)
        run_ffmpeg(command, tools, folder=folder, readable=[source], cancelled=cancelled)
        if (folder / POSTERS[0]).stat().st_size:
            break
    _write_preview(source, probe, folder, tools, cancelled)
    if not all((folder / name).stat().st_size for name in (POSTERS[0], STORYBOARD_IMAGE, PREVIEW)):
        raise MediaRejected("Not one picture of this video can be decoded: the file is damaged.")
    return storyboard


def _keyframes_suffice(probe: Probe, storyboard: Storyboard) -> bool:
    """Return whether key frames alone show enough of the video.

    They do of a long video, and if they come as often as the tiles of the storyboard.
    """
    interval = probe.video.keyframe_interval_ms
    is_often = interval is not None and interval <= storyboard.seconds * 1000 * NEARLY_AS_OFTEN
    return is_often or probe.duration_ms > LONG_VIDEO_MS


def _stills_command(
    source: Path, probe: Probe, storyboard: Storyboard, tools: Tools, *, skip: str, filters: str
) -> list[str]:
    """Return the command that writes the storyboard, and the poster that `filters` select."""
    size = fit_within(probe.video.width, probe.video.height, MAX_SIDE)
    rows = ceil(storyboard.count / COLUMNS)
    graph = (
        f"{stills_graph(probe, f'1/{storyboard.seconds}', size)},split=2[a][b];"
        f"[b]scale={storyboard.width}:{storyboard.height},tile={COLUMNS}x{rows}[board];[a]{filters}"
    )
    return [
        *ffmpeg_command(tools),
        *source_options(source, probe, tools, ["-skip_frame", skip]),
        *poster_options(graph),
        *("-map", "[board]", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "4"),
        *("-pix_fmt", "yuvj420p", "-f", "mjpeg", "-y", f"file:{STORYBOARD_IMAGE}"),
    ]


def _write_preview(
    source: Path, probe: Probe, folder: Path, tools: Tools, cancelled: Callable[[], bool]
) -> None:
    """Write `PREVIEW`: the pictures at a third of the video.

    Where no key frame can be found there, as in some transport streams, it shows the first ones.
    """
    first_ones = probe.begins_at + probe.video.starts_at + PREVIEW_SECONDS
    at_a_third = ["-ss", f"{moment(probe, 1 / 3):.3f}", "-t", str(PREVIEW_SECONDS)]

    def has_pictures_of(seek: Sequence[str]) -> bool:
        command = _preview_command(source, probe, tools, seek)
        run_ffmpeg(command, tools, folder=folder, readable=[source], cancelled=cancelled)
        return (folder / PREVIEW).stat().st_size > 0

    with suppress(MediaRejected):
        if has_pictures_of(at_a_third):
            return
    has_pictures_of(["-t", f"{first_ones:.3f}"])


def _preview_command(source: Path, probe: Probe, tools: Tools, seek: Sequence[str]) -> list[str]:
    size = fit_within(probe.video.width, probe.video.height, POSTER_SIDES[-1])
    graph = f"{stills_graph(probe, PREVIEW_FPS, size)}[v]"
    return [
        *ffmpeg_command(tools),
        *source_options(source, probe, tools, seek),
        *("-filter_complex", graph, "-map", "[v]"),
        *("-c:v", "libwebp_anim", "-quality", "45", "-compression_level", "2", "-loop", "0"),
        *("-pix_fmt", "yuv420p", "-f", "webp", "-y", f"file:{PREVIEW}"),
    ]
