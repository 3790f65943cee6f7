"""What is in a file that is to be heard: the words to a picture that came without any."""

from dataclasses import dataclass
from pathlib import Path

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.probe import AudioStream, duration_ms, look_into
from playout.transcode.inspect.sniff import SoundContainer, recognise_sound
from playout.transcode.sandbox.tools import Tools

_REASONS = {
    "damaged": "Playout cannot read this sound: the file is damaged or incomplete.",
    "memory": "Playout cannot read this sound: it asks for too much memory.",
    "streams": "This file holds more tracks than Playout accepts.",
    "no_sound": "This file holds no sound that Playout can read.",
    "undecodable": "Nothing of this sound can be decoded: the file is damaged.",
}


@dataclass(frozen=True, slots=True)
class Sound:
    """A local file of whose sound some has really been decoded."""

    file: Path
    container: SoundContainer
    duration_ms: int
    """At least 1."""
    audio: AudioStream


def probe_sound(file: Path, tools: Tools) -> Sound:
    """Look into the local file `file`, which may hold pictures, too.

    Raises `MediaRejected` when it holds no sound within the limits of `tools`, saying why.
    """
    container = recognise_sound(file)
    facts = look_into(file, container, "sound", tools)
    if "rejected" in facts:
        raise MediaRejected(_REASONS[facts["rejected"]])
    return Sound(file, container, duration_ms(facts, tools), AudioStream(**facts["audio"]))
