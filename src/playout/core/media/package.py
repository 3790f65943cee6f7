"""The first tracks of a source: those that are there soonest."""

from collections.abc import Callable
from pathlib import Path

from playout.core.media.cut import cut
from playout.core.media.encode import Encoded, Wanted, encode
from playout.core.media.errors import MediaRejected
from playout.core.media.ladder import first_of, ladder
from playout.core.media.plan import copies_video
from playout.core.media.probe import Probe
from playout.core.media.sandbox import never
from playout.core.media.tools import Tools


def first_tracks(
    source: Path,
    before: Probe,
    folder: Path,
    tools: Tools,
    *,
    preset: str = "veryfast",
    on_progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never,
) -> Encoded:
    """What makes a source playable: its own streams, or one rung of the ladder and sound.

    What cannot be copied is encoded. On an error nothing is left in `folder`. Raises
    `MediaRejected`, `StorageFull`, `WorkCancelled`.
    """
    try:
        if copies_video(before):
            try:
                tracks = cut(
                    source, before, folder, tools, on_progress=on_progress, cancelled=cancelled
                )
                return Encoded(tracks)
            except MediaRejected:
                _clear(folder)
        first = first_of(ladder(before.video))
        wanted = Wanted((first,), audio=True, loudness=True, preset=preset)
        return encode(
            source, before, wanted, folder, tools, on_progress=on_progress, cancelled=cancelled
        )
    except BaseException:
        _clear(folder)
        raise


def _clear(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
