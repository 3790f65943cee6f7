"""Find out what an audio file holds, such as the narration of a video without sound."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.probe import AudioStream, checked_duration_ms
from playout.transcode.inspect.probe_answer import RejectionReason, run_probe
from playout.transcode.inspect.sniff import AudioContainer, sniff_audio_container
from playout.transcode.names import TrackKind
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Tools

_REJECTION_TEXTS: dict[RejectionReason, str] = {
    "damaged": "Playout cannot read this sound: the file is damaged or incomplete.",
    "memory": "Playout cannot read this sound: it asks for too much memory.",
    "streams": "This file holds more tracks than Playout accepts.",
    "no_audio": "This file holds no sound that Playout can read.",
    "undecodable": "Nothing of this sound can be decoded: the file is damaged.",
}


@dataclass(frozen=True, slots=True)
class AudioProbe:
    """The facts of a local file of which some audio could be decoded."""

    file: Path
    container: AudioContainer
    duration_ms: int
    """At least 1."""
    audio: AudioStream


def probe_audio(
    file: Path, tools: Tools, *, cancelled: Callable[[], bool] = never_cancelled
) -> AudioProbe:
    """Return the facts of the local file `file`, which may hold pictures, too.

    Raise `MediaRejected`, with the reason, if it holds no audio within the limits of `tools`,
    and `WorkCancelled`.
    """
    container = sniff_audio_container(file)
    answer = run_probe(file, container, TrackKind.AUDIO, tools, cancelled=cancelled)
    if "rejected" in answer:
        raise MediaRejected(_REJECTION_TEXTS[answer["rejected"]])
    audio = AudioStream(**answer["audio"])
    return AudioProbe(
        file, container, checked_duration_ms(answer["duration_ms"], tools.limits), audio
    )
