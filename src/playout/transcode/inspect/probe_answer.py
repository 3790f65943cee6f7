"""Run the child process that looks into one file, and read its answer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypedDict

from playout.kit.errors import Unavailable
from playout.transcode.inspect.decoders import DECODERS
from playout.transcode.inspect.sniff import AudioContainer, Container
from playout.transcode.names import TrackKind
from playout.transcode.sandbox.run import CompletedCommand, run
from playout.transcode.sandbox.tools import Limits, Tools, probe_command

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


class ChosenStreams(TypedDict):
    """The indexes of the streams that are played, and the codec of the picture."""

    video: int
    codec: str
    audio: list[int]
    """One, or those of the left and the right channel; [] if there is none."""


class ProbeAnswer(TypedDict, total=False):
    """The JSON object that `probe_child.py` prints: `rejected` and its details, or facts."""

    rejected: RejectionReason
    codec: str
    width: int
    height: int

    duration_ms: float
    """Only of an audio file."""
    video: dict[str, Any]
    """The facts of `video_facts` there."""
    audio: dict[str, Any]
    """The fields of an `AudioStream`; missing if there is none."""
    language: str | None
    audio_title: str | None
    side_tracks: list[dict[str, Any]]
    """The fields of each `SideTrack`."""
    chapters: list[tuple[float, str]]


def run_probe(
    source: Path,
    container: Container | AudioContainer,
    kind: TrackKind,
    tools: Tools,
    *,
    on_streams: Callable[[ChosenStreams], None] = lambda _: None,
    cancelled: Callable[[], bool],
) -> ProbeAnswer:
    """Run the child process on the local file `source` and return its answer.

    `kind` is what the file has to hold: a video file may hold audio, too, and the other way round.
    `on_streams` is told of the streams of a video as soon as they are known, before the answer.
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
    output = _Output(on_streams)
    child = probe_command(json.dumps(question))
    completed = run(
        child.command,
        tools.confinement(tools.limits.probe_seconds),
        readable=[*child.readable, source],
        on_line=output.read_line,
        cancelled=cancelled,
    )
    return _parse_answer(completed, output.answer)


class _Output:
    """The lines that the child process prints: the streams, if it finds any, and its answer."""

    def __init__(self, on_streams: Callable[[ChosenStreams], None]) -> None:
        self._on_streams: Callable[[ChosenStreams], None] | None = on_streams
        self.answer = ""

    def read_line(self, line: str) -> None:
        if self._on_streams and line.startswith('{"streams"'):
            self._on_streams(json.loads(line)["streams"])
            self._on_streams = None
        else:
            self.answer = line


def _parse_answer(completed: CompletedCommand, line: str) -> ProbeAnswer:
    if completed.returncode > 128:
        # A signal ended the child: the decoder crashed.
        return {"rejected": "damaged"}
    try:
        answer: ProbeAnswer = json.loads(line)
    except ValueError:
        unavailable = Unavailable("Playout cannot look into videos at the moment.")
        unavailable.add_note(completed.stderr)
        raise unavailable from None
    return answer


def rejection_text(answer: ProbeAnswer, limits: Limits) -> str:
    """Return the sentence that says why a video is rejected."""
    texts: dict[RejectionReason, str] = {
        "damaged": "Playout cannot read this video: the file is damaged or incomplete.",
        "memory": "Playout cannot read this video: it asks for too much memory.",
        "streams": f"This file holds more than {limits.streams} tracks, "
        "which Playout does not accept.",
        "no_video": "This file holds sound but no moving picture, so it is not a video.",
        "no_streams": "This file holds neither picture nor sound, so it is not a video.",
        "codec": f"Playout cannot read this video: its codec ({answer.get('codec')}) "
        "is not supported. Export it as H.264, and upload that.",
        "pixels": f"This video claims a picture of {answer.get('width')} × {answer.get('height')} "
        "pixels, more than Playout accepts.",
        "undecodable": "Not one picture of this video can be decoded: the file is damaged.",
    }
    return texts[answer["rejected"]]
