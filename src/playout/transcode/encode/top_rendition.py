"""The rules by which a copy of the source's video is its top rendition."""

from collections.abc import Sequence
from itertools import accumulate

from playout.transcode.encode.ladder import Rung, constant_frame_rate, ladder_for
from playout.transcode.encode.stream_copy import can_copy_video
from playout.transcode.inspect.fragments import Fragments
from playout.transcode.inspect.probe import Probe, VideoStream

LONGEST_SEGMENT = 8.0
"""Seconds. A segment is longer than the time between key frames if its last picture is held."""
MAX_KEYFRAME_MS = 4_000
"""The longest time between key frames: players switch between renditions at these alone."""
CEILING_SCALE = 1.5
"""The bit rate of a copy, in times the highest of its rung: encoding it again costs quality."""
_ROUNDING_MS = 40
_IN_STEP = 0.01
"""Seconds by which a key frame may lie beside the pictures of the rungs."""
_SAME_RATE = 0.001


def may_be_top(probe: Probe) -> bool:
    """Return whether the facts of a source allow that its copy is the top rendition.

    It may be if players could switch between it and the rungs of the ladder, and if it is no
    larger than a rung. A source of one rung is encoded: that takes no time.
    """
    video = probe.video
    rungs = ladder_for(video)
    interval = video.keyframe_interval_ms
    return (
        can_copy_video(probe)
        and len(rungs) > 1
        and not (video.is_vfr or video.has_oblong_pixels)
        and video.has_closed_groups
        and interval is not None
        and interval <= MAX_KEYFRAME_MS + _ROUNDING_MS
        and 0 < video.bitrate <= rungs[-1].max_bitrate * CEILING_SCALE
        and _keeps_rate(video)
    )


def is_top_rendition(probe: Probe, fragments: Fragments) -> bool:
    """Return whether the copy with that layout is the top rendition.

    All rungs must have a picture at the beginning of each of its segments.
    """
    if not may_be_top(probe):
        return False
    if fragments.longest_seconds > LONGEST_SEGMENT:
        return False
    rates = {float(rung.fps) for rung in ladder_for(probe.video)}
    return all(
        abs(start - round(start * rate) / rate) <= _IN_STEP
        for start in segment_starts(fragments)
        for rate in rates
    )


def segment_starts(fragments: Fragments) -> list[float]:
    """Return the seconds at which the segments begin, without the first one."""
    starts = accumulate(fragments.ticks[:-1], initial=fragments.start)
    return [ticks / fragments.timescale for ticks in starts][1:]


def rungs_below(rungs: Sequence[Rung], codecs: str) -> tuple[Rung, ...]:
    """Return the rungs to encode beside a copy that is the top rendition.

    Not all players know HEVC and AV1, so these need an H.264 of the same size beside them.
    """
    return tuple(rungs[:-1]) if codecs.startswith("avc1") else tuple(rungs)


def _keeps_rate(video: VideoStream) -> bool:
    rate = float(constant_frame_rate(video))
    return video.fps is not None and abs(rate / video.fps - 1) <= _SAME_RATE
