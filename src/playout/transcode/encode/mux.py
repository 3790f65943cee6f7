"""Mux tracks into one progressive MP4: for downloads, and for players that support nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from playout.transcode.encode.picture_copy import COPIED_PICTURE_TIMES, copied_video_options
from playout.transcode.encode.source import source_options
from playout.transcode.encode.tracks import Track
from playout.transcode.ffmpeg import (
    ffmpeg_command,
    input_options,
    progressive_mp4_options,
    run_ffmpeg,
)
from playout.transcode.inspect.probe import Probe
from playout.transcode.names import TrackKind
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Tools

MOST_REORDERED = 2
"""The most pictures that x264 decodes ahead of the one that is shown."""


@dataclass(frozen=True, slots=True)
class CopiedPicture:
    """The source whose video stream is copied."""

    source: Path
    probe: Probe


def mux(
    tracks: Sequence[Track],
    target: Path,
    tools: Tools,
    *,
    copied: CopiedPicture | None = None,
    cancelled: Callable[[], bool] = never_cancelled,
) -> None:
    """Copy `tracks`, video first, into the MP4 `target`, with its index before the media data.

    `copied` says that the video track was copied: its pictures are then read from their source.
    The sandbox may write into the whole folder of `target`. On an error no file is left at
    `target`. Raise `MediaRejected`, `StorageFull` or `WorkCancelled`.
    """
    target = target.absolute()
    inputs: list[str] = []
    outputs: list[str] = []
    for number, track in enumerate(tracks):
        if copied and track.kind is TrackKind.VIDEO:
            inputs += source_options(copied.source.absolute(), copied.probe, tools)
            outputs += copied_video_options(copied.probe, COPIED_PICTURE_TIMES)
        else:
            # Keep the times of the file: everything is at 0.
            inputs += input_options(track.file.absolute(), "mp4", tools)
            outputs += ["-map", f"{number}:0", *_decoding_times(track)]
        if track.language:
            outputs += ["-metadata:s:a:0", f"language={track.language}"]
    command = [
        *(*ffmpeg_command(tools), *inputs, "-c", "copy", *outputs),
        *(*_tag_options(tracks), *progressive_mp4_options(target)),
    ]
    readable = [copied.source.absolute()] if copied else []
    readable += [track.file.absolute() for track in tracks]
    try:
        run_ffmpeg(command, tools, folder=target.parent, readable=readable, cancelled=cancelled)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _decoding_times(track: Track) -> list[str]:
    """Return the options that decode a rung's pictures evenly, as most players are used to.

    In the track the first pictures are decoded at once: see `video_from_zero`.
    """
    if track.kind is TrackKind.AUDIO or track.fps is None:
        return []
    frame = 1 / Fraction(track.fps).limit_denominator(1001)
    ticks = f"{frame.numerator}/{frame.denominator}/TB"
    return ["-bsf:v", f"setts=pts=PTS:dts=(N-{MOST_REORDERED})*{ticks}"]


def _tag_options(tracks: Sequence[Track]) -> list[str]:
    return ["-tag:v", "hvc1"] if tracks[0].fragments.codecs.startswith("hvc1") else []
