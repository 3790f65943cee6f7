"""What makes a source playable, as soon as can be: its first tracks, and an MP4 of them."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from playout.transcode.encode.encode import Encoded, Wanted, encode
from playout.transcode.encode.ladder import first_of, ladder
from playout.transcode.encode.mux import join
from playout.transcode.encode.remux import cut
from playout.transcode.encode.stream_copy import copies_video
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.probe import Probe
from playout.transcode.names import MP4
from playout.transcode.sandbox.run import never
from playout.transcode.sandbox.tools import Tools


def make_playable(
    source: Path,
    before: Probe,
    folder: Path,
    tools: Tools,
    *,
    preset: str = "veryfast",
    on_progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never,
) -> Encoded:
    """Make the first tracks of `source` in `folder`, and the `MP4` of them.

    They are its own streams, or one rung of the ladder and sound: what cannot be copied is encoded.
    On an error nothing is left in `folder`. Raises `MediaRejected`, `StorageFull`, `WorkCancelled`.
    """
    mp4 = folder / MP4
    try:
        made = None
        if copies_video(before):
            with contextlib.suppress(MediaRejected):
                made = Encoded(
                    cut(source, before, folder, tools, on_progress=on_progress, cancelled=cancelled)
                )
        if made is None:
            _clear(folder)
            first = first_of(ladder(before.video))
            wanted = Wanted((first,), audio=True, loudness=True, preset=preset)
            made = encode(
                source, before, wanted, folder, tools, on_progress=on_progress, cancelled=cancelled
            )
        if not mp4.exists():
            join(made.tracks, mp4, tools, cancelled=cancelled)
    except BaseException:
        _clear(folder)
        raise
    return made


def _clear(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
