"""The time that a video covers: that of its picture and of its sound, from 0 to a common end."""

from dataclasses import dataclass

from playout.transcode.inspect.packets import PacketList

IN_STEP = 0.05
"""Seconds by which picture and sound may differ without anybody noticing."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The common time of picture and sound, in seconds."""

    begins_at: float
    """The beginning, in the times of the file."""
    seconds: float
    """The duration of the whole."""
    picture_starts_at: float
    picture_ends_at: float
    has_audio: bool
    """False if there is no audio packet at all."""
    is_covered: bool
    """True if the sound covers all of it, without a gap that can be heard."""


def lay_out(packets: PacketList) -> Timeline:
    """Return the time that the packets cover together.

    If the sound ends a moment before or after the picture, the picture decides.
    """
    video, audio = packets.video, [each for each in packets.audio if each.count]
    has_audio = bool(audio) and len(audio) == len(packets.audio)
    begins_at = max(min([video.start, *(max(each.start, 0.0) for each in audio)]), 0.0)
    ends = [each.end for each in audio]
    end = max([video.end, *(each for each in ends if each > video.end + IN_STEP)])
    return Timeline(
        begins_at=begins_at,
        seconds=end - begins_at,
        picture_starts_at=max(video.start - begins_at, 0.0),
        picture_ends_at=video.end - begins_at,
        has_audio=has_audio,
        is_covered=all(
            each.start - begins_at <= IN_STEP
            and each.end >= end - IN_STEP
            and each.longest_gap <= IN_STEP
            for each in audio
        ),
    )
