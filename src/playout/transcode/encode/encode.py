"""Encode rungs of the ladder: one decoding for all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playout.transcode.encode.ffmpeg import Progress, input_of, start_of
from playout.transcode.encode.filters import LOUDNESS, picture_graph, sound_graph
from playout.transcode.encode.ladder import Rung
from playout.transcode.encode.remux import encoded_audio, language
from playout.transcode.encode.tracks import (
    Track,
    audio_track,
    check_duration,
    fragmented,
    run_on,
    rung_track,
)
from playout.transcode.inspect.probe import Probe
from playout.transcode.names import AUDIO
from playout.transcode.sandbox.run import never
from playout.transcode.sandbox.tools import Tools


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one run of ffmpeg makes of a source."""

    rungs: Sequence[Rung]
    audio: bool = False
    """Whether the sound is encoded."""
    loudness: bool = False
    """Whether it is measured."""
    preset: str = "veryfast"
    """x264's own word for how much time it takes."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What came out: the rungs in their order, then the sound."""

    tracks: list[Track]
    loudness: float | None = None
    """Integrated loudness in LUFS (EBU R 128)."""


def encode(
    source: Path,
    before: Probe,
    wanted: Wanted,
    folder: Path,
    tools: Tools,
    *,
    on_progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never,
) -> Encoded:
    """Make tracks of `source` in `folder`, each cut into segments of two seconds.

    Raises `MediaRejected`, `StorageFull`, `WorkCancelled`.
    """
    source, folder = source.absolute(), folder.absolute()
    progress = Progress(before.duration_ms, on_progress)
    command = command_of(source, before, wanted, folder, tools)
    run_on(source, folder, command, tools, on_line=progress.line, cancelled=cancelled)
    tracks = [rung_track(folder / f"{rung.name}.mp4", rung) for rung in wanted.rungs]
    for track in tracks:
        check_duration(before, track)
    if before.audio and wanted.audio:
        tracks.append(audio_track(folder / f"{AUDIO}.mp4", AUDIO, 2, before))
    progress.finish()
    return Encoded(tracks, _measured(folder / LOUDNESS) if wanted.loudness else None)


def command_of(
    source: Path, before: Probe, wanted: Wanted, folder: Path, tools: Tools
) -> list[str]:
    graph = [picture_graph(before.video, wanted.rungs)]
    audio = before.audio
    if audio and (wanted.audio or wanted.loudness):
        graph.append(sound_graph(audio.index, encodes=wanted.audio, measures=wanted.loudness))
    line = [
        *start_of(tools),
        *input_of(source, before.container, tools),
        *("-filter_complex", ";".join(graph)),
    ]
    for number, rung in enumerate(wanted.rungs):
        line += ["-map", f"[v{number}]", *_picture(rung, wanted.preset, tools)]
        line += fragmented(folder / f"{rung.name}.mp4", keyed=True)
    if audio and wanted.audio:
        line += ["-map", "[a]", *encoded_audio(audio), *language(before)]
        line += fragmented(folder / f"{AUDIO}.mp4", keyed=False)
    return line


def _picture(rung: Rung, preset: str, tools: Tools) -> list[str]:
    return [
        *("-c:v", "libx264", "-preset", preset, "-profile:v", "high", "-pix_fmt", "yuv420p"),
        *(
            "-crf",
            str(rung.crf),
            "-maxrate",
            str(rung.most_bits),
            "-bufsize",
            str(rung.buffer_bits),
        ),
        # Key frames at the same times in every rung and nowhere else; no frame refers across one.
        *("-g", str(rung.gop), "-keyint_min", str(rung.gop), "-sc_threshold", "0"),
        *("-flags", "+cgop", "-threads:v", str(tools.limits.threads)),
    ]


def _measured(file: Path) -> float | None:
    """The last value that ffmpeg wrote down; None for silence, of which there is no loudness."""
    if not file.exists():
        return None
    with file.open("rb") as lines:
        lines.seek(max(0, file.stat().st_size - 1024))
        last = lines.read().decode("ascii", "replace").rpartition("lavfi.r128.I=")[2].split()
    file.unlink()
    try:
        value = float(last[0])
    except (IndexError, ValueError):
        return None
    # -70 is where the measure begins: nothing was ever loud enough to count.
    return value if value > -70 else None
