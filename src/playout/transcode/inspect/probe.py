"""Find out what a video file holds, in a child process that may crash without harm."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.colours import (
    BT709_COLOURS,
    HD_COLUMNS,
    HD_LINES,
    JPEG,
    PQ_LIGHT,
    RGB,
    Colours,
)
from playout.transcode.inspect.facts import find_facts
from playout.transcode.inspect.first_picture import FirstPicture
from playout.transcode.inspect.frame_rate import measure_frame_rate
from playout.transcode.inspect.packets import Packets, steps_between
from playout.transcode.inspect.side_tracks import (
    SideTrack,
    cleaned_chapters,
    side_tracks,
    track_title,
)
from playout.transcode.inspect.sniff import (
    Container,
    is_truncated,
    sniff_container,
)
from playout.transcode.inspect.timeline import Timeline, lay_out
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Limits, Tools

_MOST_WAITING = 16
Rotation = Literal[0, 90, 180, 270]


@dataclass(frozen=True)
class VideoStream:
    """The video stream that a player shows. ffmpeg's words spell codec, profile and pix_fmt."""

    index: int
    codec: str
    profile: str | None
    pix_fmt: str
    width: int
    """Pixels as displayed: after rotation, and stretched to square pixels. It may be odd."""
    height: int
    rotation: Rotation
    """Degrees clockwise by which a player turns the stored picture."""
    fps: float | None
    """Pictures per second, judged by all of them; None if there are too few to tell."""
    is_vfr: bool
    """True if the frame rate is variable."""
    is_interlaced: bool
    """True if some of its pictures are."""
    is_rgb: bool
    ends_at: float
    """Seconds from the beginning of the video to the end of the last picture."""
    colours: Colours = BT709_COLOURS
    has_own_tags: bool = True
    """True if the stream tells its colours and their range."""
    has_alpha: bool = False
    has_dolby_vision: bool = False
    lacks_base_layer: bool = False
    """True if only players of Dolby Vision know its colours (profile 5)."""
    is_uniform: bool = True
    """True if all pictures have the same size and orientation, no time is damaged, and none is
    cropped."""
    has_discarded: bool = False
    """True if an edit list leaves out pictures that others are decoded from."""
    starts_at: float = 0.0
    """Seconds from the beginning of the video to the first picture."""
    shown_late: float = 0.0
    """Seconds by which ffmpeg shows each picture too late, where it knows no times of showing."""
    last_decoding: float = 0.0
    """The time, in seconds, at which the last picture of the file is decoded."""
    keyframe_interval_ms: int | None = None
    """The longest time between key frames. None if there are too few key frames to tell."""
    has_closed_groups: bool = False
    """True if no picture is shown before the key frame that it follows in the file."""
    bitrate: int = 0
    """Bits per second; 0 if it is not known."""
    has_oblong_pixels: bool = False
    """True if its pixels are not square."""
    is_mirrored: bool = False
    """True if a player shows the mirror image of the stored picture."""

    @property
    def is_hdr(self) -> bool:
        """Return whether its colours have a high dynamic range."""
        return self.colours.is_hdr


@dataclass(frozen=True)
class AudioStream:
    """The audio stream that a player plays."""

    index: int
    codec: str
    profile: str | None
    channels: int
    sample_rate: int
    """Hertz."""
    right_index: int | None = None
    """The stream of the right channel if `index` is that of the left one, alone."""
    covers_video: bool = True
    """True if it sounds from the beginning to the end, without a gap that can be heard."""


@dataclass(frozen=True)
class Probe:
    """The facts of a file of which at least one picture could be decoded."""

    container: Container
    duration_ms: int
    """At least 1: until both the last picture and the sound have ended."""
    video: VideoStream
    audio: AudioStream | None
    language: str | None
    """The language of the audio stream, in three letters (ISO 639-2)."""
    is_truncated: bool
    """True if the end of the file is missing. The rest can be played."""
    audio_title: str | None = None
    """The name of the audio stream."""
    side_tracks: tuple[SideTrack, ...] = ()
    """All other streams of the file."""
    chapters: tuple[tuple[float, str], ...] = ()
    """The start of each chapter, in seconds, and its title."""
    begins_at: float = 0.0
    """Seconds from the beginning of the file to the first picture or sound that is played."""
    is_joined: bool = False
    """True if its times jump, as those of files do that were joined end to end."""
    longest_gap: float | None = None
    """The longest gap in the times of a joined file, in seconds, as `gap_options` need it."""

    @property
    def seconds(self) -> float:
        """The duration in seconds."""
        return self.duration_ms / 1000


def probe(source: Path, tools: Tools, *, cancelled: Callable[[], bool] = never_cancelled) -> Probe:
    """Return the facts of the local file `source`.

    Raise `MediaRejected`, with the reason, if it is not a video within the limits of `tools`,
    and `WorkCancelled` if `cancelled()` returns True.
    """
    container = sniff_container(source)
    truncated = is_truncated(source, container)
    found = find_facts(source, container, tools, cancelled=cancelled)
    answer, packets = found.answer, found.packets
    video, audio = answer["video"], answer.get("audio")
    if container == "gif" and packets.video.count == 1:
        raise MediaRejected("This file is not a video that Playout can read: it is a picture.")
    if audio:
        _leave_out_empty_channel(audio, packets.audio)
    timeline = lay_out(packets)
    return Probe(
        container=container,
        duration_ms=checked_duration_ms(timeline.seconds * 1000, tools.limits),
        video=video_stream(video, packets.video, timeline, found.first),
        audio=AudioStream(**audio, covers_video=timeline.is_covered)
        if audio and timeline.has_audio
        else None,
        language=answer.get("language"),
        is_truncated=truncated,
        audio_title=track_title(answer.get("audio_title")),
        side_tracks=side_tracks(answer["side_tracks"]),
        chapters=cleaned_chapters(answer["chapters"], timeline.begins_at),
        begins_at=timeline.begins_at,
        is_joined=bool(packets.jumps),
        longest_gap=found.longest_gap,
    )


def _leave_out_empty_channel(audio: dict[str, Any], packets: list[Packets]) -> None:
    """Leave out the right channel, or the left one, if its stream has no packet."""
    if audio["right_index"] is None or all(each.count for each in packets):
        return
    if packets[0].count == 0:
        audio["index"] = audio["right_index"]
    audio["right_index"] = None
    packets[:] = [each for each in packets if each.count] or packets[:1]


def checked_duration_ms(milliseconds: float, limits: Limits) -> int:
    """Return the duration, at least 1. Raise `MediaRejected` if it is above the limit."""
    if milliseconds > limits.duration_seconds * 1000:
        hours = limits.duration_seconds / 3600
        raise MediaRejected(f"This file is longer than {hours:g} hours, the most Playout accepts.")
    return max(round(milliseconds), 1)


def video_stream(
    facts: dict[str, Any], packets: Packets, timeline: Timeline, first: FirstPicture
) -> VideoStream:
    """Return the video stream of which the child process found the facts."""
    facts = dict(facts)
    rates, lines = facts.pop("rates"), facts.pop("lines")
    tags, is_full_range = facts.pop("tags"), facts.pop("is_full_range")
    size = facts["width"], facts["height"]
    width, height = first.size or size
    is_hd = lines >= HD_LINES or max(size) >= HD_COLUMNS
    colours = Colours.resolved(*tags, is_full_range=is_full_range, is_hd=is_hd)
    if facts["is_rgb"]:
        colours = RGB if not colours.is_hdr else replace(colours, is_full_range=True)
    elif facts["codec"] == "mjpeg":
        colours = replace(JPEG, is_full_range=is_full_range)
    elif facts.get("lacks_base_layer"):
        colours = PQ_LIGHT
    rate = measure_frame_rate(packets, rates)
    is_cropped = abs(width - size[0]) > 1 or abs(height - size[1]) > 1
    is_uniform = facts.pop("is_uniform", True) and len(packets.parameter_sets) <= 1
    is_uniform = is_uniform and not packets.has_misplaced
    return VideoStream(
        **facts | {"width": width, "height": height},
        fps=rate.fps,
        is_vfr=rate.is_variable,
        colours=colours,
        is_uniform=is_uniform and not is_cropped,
        has_discarded=packets.has_discarded,
        starts_at=timeline.picture_starts_at,
        shown_late=_shown_late(packets, first, rate.fps),
        ends_at=timeline.picture_ends_at,
        last_decoding=packets.last_decoding,
        keyframe_interval_ms=_longest_step_ms(packets.key_times),
        has_closed_groups=packets.has_closed_groups,
        bitrate=packets.bitrate,
    )


def _shown_late(packets: Packets, first: FirstPicture, fps: float | None) -> float:
    """Return the seconds by which ffmpeg shows pictures late of which it knows no times.

    It shows each one when the decoder hands it out, which has to wait for pictures that come later
    in the file and are shown earlier. No codec lets it wait for more than `_MOST_WAITING`.
    """
    if not packets.lacks_times or first.time is None:
        return 0.0
    late = first.time - packets.start
    return late if 0 < late * (fps or 1) <= _MOST_WAITING + 0.5 else 0.0


def _longest_step_ms(times: Sequence[float]) -> int | None:
    steps = list(steps_between(times))
    return round(max(steps) * 1000) if len(steps) >= 2 else None
