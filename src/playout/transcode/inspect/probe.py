"""Find out what a video file holds, in a child process that may crash without harm."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypedDict

from playout.kit.errors import Unavailable
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.decoders import DECODERS
from playout.transcode.inspect.sniff import (
    AudioContainer,
    Container,
    is_truncated,
    sniff_container,
)
from playout.transcode.names import TrackKind
from playout.transcode.sandbox.run import CompletedCommand, run
from playout.transcode.sandbox.tools import Limits, Tools, probe_command

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
    """Average frames per second; None if the file does not say."""
    is_square: bool
    """True if the stored pixels are square, so that no stretching is needed."""
    is_hdr: bool
    is_vfr: bool
    """True if the frame rate is variable, judged by the first few hundred frames."""
    is_interlaced: bool
    is_rgb: bool
    starts_late: bool = False
    """True if another stream starts before the first picture."""
    duration_ms: int | None = None
    """The duration that the stream itself declares, for audio and subtitles may last longer. None
    if it declares none."""
    keyframe_interval_ms: int | None = None
    """The longest time between key frames among the first few hundred frames. None if those hold
    too few key frames to tell."""


@dataclass(frozen=True)
class AudioStream:
    """The audio stream that a player plays."""

    index: int
    codec: str
    profile: str | None
    channels: int
    sample_rate: int
    """Hertz."""
    starts_late: bool = False
    """True if another stream starts before the first audio."""


@dataclass(frozen=True)
class Probe:
    """The facts of a file of which at least one picture could be decoded."""

    container: Container
    duration_ms: int
    """At least 1. The file declares it, so it is too long if the file `is_truncated`."""
    size_bytes: int
    video: VideoStream
    audio: AudioStream | None
    language: str | None
    """The language of the audio stream, in three letters (ISO 639-2)."""
    is_truncated: bool
    """True if the end of the file is missing. The rest can be played."""


RejectionReason = Literal[
    "damaged",
    "memory",
    "streams",
    "no_video",
    "no_audio",
    "no_streams",
    "codec",
    "pixels",
    "undecodable",
]


class ProbeAnswer(TypedDict, total=False):
    """The JSON object that `probe_child.py` prints: `rejected` and its details, or facts."""

    rejected: RejectionReason
    codec: str
    width: int
    height: int

    duration_ms: float
    video: dict[str, Any]
    """The fields of a `VideoStream`."""
    audio: dict[str, Any]
    """The fields of an `AudioStream`; missing if there is none."""
    language: str | None


def probe(source: Path, tools: Tools) -> Probe:
    """Return the facts of the local file `source`.

    Raise `MediaRejected`, with the reason, if it is not a video within the limits of `tools`.
    """
    size = source.stat().st_size
    container = sniff_container(source)
    truncated = is_truncated(source, container)
    answer = run_probe(source, container, TrackKind.VIDEO, tools)
    if "rejected" in answer:
        raise MediaRejected(_rejection_text(answer, tools.limits))
    audio = answer.get("audio")
    return Probe(
        container=container,
        duration_ms=checked_duration_ms(answer, tools.limits),
        size_bytes=size,
        video=VideoStream(**answer["video"]),
        audio=AudioStream(**audio) if audio else None,
        language=answer.get("language"),
        is_truncated=truncated,
    )


def run_probe(
    source: Path, container: Container | AudioContainer, kind: TrackKind, tools: Tools
) -> ProbeAnswer:
    """Run the child process on the local file `source` and return its answer.

    `kind` is what the file has to hold: a video file may hold audio, too, and the other way round.
    """
    source = source.absolute()
    question = {
        "source": str(source),
        "kind": kind,
        "format": container,
        "decoders": DECODERS,
        "max_pixels": tools.limits.pixels,
        "max_streams": tools.limits.streams,
    }
    child = probe_command(json.dumps(question))
    completed = run(
        child.command,
        tools.confinement(tools.limits.probe_seconds),
        readable=[*child.readable, source],
    )
    return _parse_answer(completed)


def checked_duration_ms(answer: ProbeAnswer, limits: Limits) -> int:
    """Return the duration, at least 1. Raise `MediaRejected` if it is above the limit."""
    milliseconds = int(answer["duration_ms"])
    if milliseconds > limits.duration_seconds * 1000:
        hours = limits.duration_seconds / 3600
        raise MediaRejected(f"This file is longer than {hours:g} hours, the most Playout accepts.")
    return max(milliseconds, 1)


def _parse_answer(completed: CompletedCommand) -> ProbeAnswer:
    if completed.returncode > 128:
        # A signal ended the child: the decoder crashed.
        return {"rejected": "damaged"}
    try:
        answer: ProbeAnswer = json.loads(completed.stdout)
    except ValueError:
        unavailable = Unavailable("Playout cannot look into videos at the moment.")
        unavailable.add_note(completed.stderr)
        raise unavailable from None
    return answer


def _rejection_text(answer: ProbeAnswer, limits: Limits) -> str:
    texts: dict[RejectionReason, str] = {
        "damaged": "Playout cannot read this video: the file is damaged or incomplete.",
        "memory": "Playout cannot read this video: it asks for too much memory.",
        "streams": f"This file holds more than {limits.streams} tracks, "
        "which Playout does not accept.",
        "no_video": "This file holds sound but no moving picture, so it is not a video.",
        "no_streams": "This file holds neither picture nor sound, so it is not a video.",
        "codec": f"Playout cannot read this video: its codec ({answer.get('codec')}) "
        "is not supported.",
        "pixels": f"This video claims a picture of {answer.get('width')} × {answer.get('height')} "
        "pixels, more than Playout accepts.",
        "undecodable": "Not one picture of this video can be decoded: the file is damaged.",
    }
    return texts[answer["rejected"]]
