"""Mux tracks into one progressive MP4: for downloads, and for players that support nothing else."""

from collections.abc import Callable, Sequence
from pathlib import Path

from playout.transcode.encode.tracks import Track
from playout.transcode.ffmpeg import (
    ffmpeg_command,
    input_options,
    progressive_mp4_options,
    run_ffmpeg,
)
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Tools


def mux(
    tracks: Sequence[Track],
    target: Path,
    tools: Tools,
    *,
    cancelled: Callable[[], bool] = never_cancelled,
) -> None:
    """Copy `tracks`, video first, into the MP4 `target`, with its index before the media data.

    The sandbox may write into the whole folder of `target`. On an error no file is left at
    `target`. Raise `MediaRejected`, `StorageFull` or `WorkCancelled`.
    """
    target = target.absolute()
    inputs: list[str] = []
    maps: list[str] = []
    for number, track in enumerate(tracks):
        inputs += input_options(track.file.absolute(), "mp4", tools)
        maps += ["-map", f"{number}:0"]
        if track.language:
            maps += ["-metadata:s:a:0", f"language={track.language}"]
    command = [
        # Keep the times of each file. Otherwise a track that starts late would start at 0.
        *(*ffmpeg_command(tools), "-copyts", *inputs),
        *(*maps, "-c", "copy", *_tag_options(tracks), *progressive_mp4_options(target)),
    ]
    readable = [track.file.absolute() for track in tracks]
    try:
        run_ffmpeg(command, tools, folder=target.parent, readable=readable, cancelled=cancelled)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _tag_options(tracks: Sequence[Track]) -> list[str]:
    return ["-tag:v", "hvc1"] if tracks[0].fragments.codecs.startswith("hvc1") else []
