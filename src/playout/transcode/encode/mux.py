"""Join tracks into one progressive MP4: for downloads, and for players that know nothing else."""

from collections.abc import Callable, Sequence
from pathlib import Path

from playout.transcode.encode.ffmpeg import input_of, start_of
from playout.transcode.encode.tracks import Track, progressive, rejected
from playout.transcode.sandbox.run import never, run
from playout.transcode.sandbox.tools import Tools


def join(
    tracks: Sequence[Track],
    target: Path,
    tools: Tools,
    *,
    cancelled: Callable[[], bool] = never,
) -> None:
    """Copy `tracks`, picture first, into one MP4 whose index stands before the pictures.

    The folder of `target` is what the sandbox may write. On an error no file is left at `target`.
    Raises `MediaRejected`, `StorageFull`, `WorkCancelled`.
    """
    target = target.absolute()
    inputs: list[str] = []
    chosen: list[str] = []
    for number, track in enumerate(tracks):
        inputs += input_of(track.file.absolute(), "mp4", tools)
        chosen += ["-map", f"{number}:0"]
        if track.language:
            chosen += ["-metadata:s:a:0", f"language={track.language}"]
    line = [
        # Each file's own times: otherwise what starts late would be moved to the beginning.
        *(*start_of(tools), "-copyts", *inputs),
        *(*chosen, "-c", "copy", *_tag(tracks), *progressive(target)),
    ]
    bounds = tools.confinement(tools.limits.wall_seconds)
    readable = [tools.ffmpeg, *(track.file.absolute() for track in tracks)]
    try:
        done = run(line, bounds, folder=target.parent, readable=readable, cancelled=cancelled)
        if done.returncode != 0:
            raise rejected(done)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _tag(tracks: Sequence[Track]) -> list[str]:
    return ["-tag:v", "hvc1"] if tracks[0].fragments.codecs.startswith("hvc1") else []
