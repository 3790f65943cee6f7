"""The first package of a source: the tracks and the MP4 that make it playable soon."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from playout.transcode.encode.encode import EncodeRequest, EncodeResult, encode
from playout.transcode.encode.ladder import first_rung, ladder_for
from playout.transcode.encode.mp4 import write_mp4
from playout.transcode.encode.remux import remux
from playout.transcode.encode.stream_copy import can_copy_video
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.probe import Probe
from playout.transcode.names import MP4
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Tools


def make_playable(
    source: Path,
    probe: Probe,
    folder: Path,
    tools: Tools,
    *,
    preset: str = "veryfast",
    on_progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never_cancelled,
) -> EncodeResult:
    """Make the first tracks of `source` in the empty `folder`. The video track lies in the `MP4`.

    The source's own streams are copied. If the video stream cannot be, the tracks are one rung of
    the ladder and the audio, encoded. On an error no file is left in `folder`. Raise
    `MediaRejected`, `StorageFull` or `WorkCancelled`.
    """
    mp4 = folder / MP4
    try:
        result = None
        if can_copy_video(probe):
            with contextlib.suppress(MediaRejected):
                tracks = remux(
                    source, probe, folder, tools, on_progress=on_progress, cancelled=cancelled
                )
                result = EncodeResult(tracks)
        if result is None:
            _clear(folder)
            request = EncodeRequest(
                rungs=[first_rung(ladder_for(probe.video))],
                encode_audio=True,
                measure_loudness=True,
                preset=preset,
            )
            result = encode(
                source, probe, request, folder, tools, on_progress=on_progress, cancelled=cancelled
            )
        video, *audio = result.tracks
        video = write_mp4(video, audio[0] if audio else None, mp4)
    except BaseException:
        _clear(folder)
        raise
    return replace(result, tracks=[video, *audio])


def _clear(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
