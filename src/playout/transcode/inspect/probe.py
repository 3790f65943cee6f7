"""What is in a video file, found out by a child process that may crash without harm."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playout.kit.errors import Unavailable
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.decoders import DECODERS
from playout.transcode.inspect.sniff import Container, SoundContainer, is_cut_short, recognise
from playout.transcode.sandbox.run import Finished, run
from playout.transcode.sandbox.tools import Tools, probe_child

Rotation = Literal[0, 90, 180, 270]


@dataclass(frozen=True)
class VideoStream:
    """The stream that is shown. `codec`, `profile` and `pix_fmt` are spelled as ffmpeg does."""

    index: int
    codec: str
    profile: str | None
    pix_fmt: str
    width: int
    """Pixels as displayed: after rotation, and stretched to square pixels. May be odd."""
    height: int
    rotation: Rotation
    """Degrees clockwise by which a player turns the stored picture."""
    fps: float | None
    """Average frames a second; None when the file does not say."""
    is_square: bool
    """Whether the stored pixels are square, so that no stretching is needed."""
    is_hdr: bool
    is_vfr: bool
    """Whether frames come at uneven times; judged by the first few hundred."""
    is_interlaced: bool
    is_rgb: bool
    starts_late: bool = False
    """Whether the sound is there before the first picture."""
    duration_ms: int | None = None
    """As it says of itself, for sound and subtitles may go on; None when it says nothing."""
    keys_apart_ms: int | None = None
    """The longest time between key frames among the first few hundred frames; None when those
    hold too few to tell."""


@dataclass(frozen=True)
class AudioStream:
    """The stream that is heard."""

    index: int
    codec: str
    profile: str | None
    channels: int
    sample_rate: int
    """Hertz."""
    starts_late: bool = False
    """Whether the picture is there before the first sound."""


@dataclass(frozen=True)
class Probe:
    """A file of which at least one picture has really been decoded."""

    container: Container
    duration_ms: int
    """At least 1. As declared by the file, which is wrong if `is_cut_short`."""
    size_bytes: int
    video: VideoStream
    audio: AudioStream | None
    language: str | None
    """Three letters (ISO 639-2), of the audio stream."""
    is_cut_short: bool
    """The end of the file is missing; what there is can be played."""


def probe(source: Path, tools: Tools) -> Probe:
    """Look into the local file `source`.

    Raises `MediaRejected` when it is not a video within the limits of `tools`, saying why.
    """
    size = source.stat().st_size
    container = recognise(source)
    cut_short = is_cut_short(source, container)
    facts = look_into(source, container, "picture", tools)
    if "rejected" in facts:
        raise MediaRejected(_reason(facts, tools))
    audio = facts["audio"]
    return Probe(
        container=container,
        duration_ms=duration_ms(facts, tools),
        size_bytes=size,
        video=VideoStream(**facts["video"]),
        audio=AudioStream(**audio) if audio else None,
        language=facts["language"],
        is_cut_short=cut_short,
    )


def look_into(
    source: Path,
    container: Container | SoundContainer,
    wants: Literal["picture", "sound"],
    tools: Tools,
) -> Mapping[str, Any]:
    """What the child finds: facts, or `rejected` with the reason as it calls it."""
    source = source.absolute()
    question = {
        "source": str(source),
        "wants": wants,
        "format": container,
        "decoders": DECODERS,
        "max_pixels": tools.limits.pixels,
        "max_streams": tools.limits.streams,
    }
    child = probe_child(json.dumps(question))
    done = run(
        child.command,
        tools.confinement(tools.limits.probe_seconds),
        readable=[*child.readable, source],
    )
    return _answer(done)


def _answer(done: Finished) -> Mapping[str, Any]:
    if done.returncode > 128:
        # Killed by a signal: the decoder fell over.
        return {"rejected": "damaged"}
    try:
        answer: Mapping[str, Any] = json.loads(done.stdout)
    except ValueError:
        broken = Unavailable("Playout cannot look into videos at the moment.")
        broken.add_note(done.stderr)
        raise broken from None
    return answer


def _reason(facts: Mapping[str, Any], tools: Tools) -> str:
    limits = tools.limits
    reasons = {
        "damaged": "Playout cannot read this video: the file is damaged or incomplete.",
        "memory": "Playout cannot read this video: it asks for too much memory.",
        "streams": f"This file holds more than {limits.streams} tracks, "
        "which Playout does not accept.",
        "no_picture": "This file holds sound but no moving picture, so it is not a video.",
        "nothing": "This file holds neither picture nor sound, so it is not a video.",
        "codec": f"Playout cannot read this video: its kind of compression ({facts.get('codec')}) "
        "is not supported.",
        "encrypted": "Playout cannot read this video: it is copy-protected.",
        "pixels": f"This video claims a picture of {facts.get('width')} × {facts.get('height')} "
        f"pixels, more than Playout accepts.",
        "undecodable": "Not one picture of this video can be decoded: the file is damaged.",
    }
    return reasons[facts["rejected"]]


def duration_ms(facts: Mapping[str, Any], tools: Tools) -> int:
    """At least 1. Raises `MediaRejected` when it is longer than the limit."""
    milliseconds = int(facts["duration_ms"])
    if milliseconds > tools.limits.duration_seconds * 1000:
        hours = tools.limits.duration_seconds / 3600
        raise MediaRejected(f"This file is longer than {hours:g} hours, the most Playout accepts.")
    return max(milliseconds, 1)
