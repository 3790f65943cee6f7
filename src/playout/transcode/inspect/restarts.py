"""Files that were joined end to end: ffmpeg goes on where the times of the next part restart.

The last packet of a part may come behind the first one of the next part. ffmpeg has then moved all
times on, so that packet seems to follow a gap; the one after it seems to jump back, and all later
times move on once more. ffmpeg would see through this if it knew that no gap is that long. By
itself it only believes in no gaps of more than ten seconds.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from playout.transcode.inspect.packets import PacketList, list_packets
from playout.transcode.inspect.sniff import Container
from playout.transcode.inspect.timeline import IN_STEP
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Tools

_SHORTEST_PART = 1.0
"""Seconds from which on times that jump back are those of another part, and no damage."""
_LONGEST_PART = 12.5
"""Seconds of a part from which on ffmpeg needs no help."""
_SURE_SHARE = 0.8
"""The seeming gap is as long as a part, but for some packets."""


def list_joined_packets(
    source: Path,
    container: Container,
    video: tuple[int, str],
    audio: Sequence[int],
    tools: Tools,
    *,
    cancelled: Callable[[], bool] = never_cancelled,
) -> tuple[PacketList, float | None]:
    """Return what `list_packets` returns, and the gaps with which the file is to be read.

    These are the seconds for `gap_options`. Shorter gaps are believed only where picture and sound
    then end as much in step as without. Raise what `list_packets` raises.
    """
    packets = list_packets(source, container, video, audio, tools, cancelled=cancelled)
    parts = [-seconds for seconds in packets.jumps if -seconds >= _SHORTEST_PART]
    if not parts or min(parts) >= _LONGEST_PART:
        return packets, None
    longest_gap = round(min(parts) * _SURE_SHARE, 3)
    options = gap_options(longest_gap)
    again = list_packets(
        source, container, video, audio, tools, options=options, cancelled=cancelled
    )
    is_in_step = _apart(again) <= _apart(packets) + IN_STEP
    is_better = is_in_step and max(again.ends) <= max(packets.ends)
    return (again, longest_gap) if is_better else (packets, None)


def gap_options(longest_gap: float | None) -> list[str]:
    """Return the options that read a file in which no gap is longer; None leaves that to ffmpeg."""
    return [] if longest_gap is None else ["-dts_delta_threshold", str(longest_gap)]


def _apart(packets: PacketList) -> float:
    """Return the seconds from the first end of a stream to the last one."""
    return max(packets.ends) - min(packets.ends)
