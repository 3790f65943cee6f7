"""Encode rungs of the ladder, and the audio, in one run of ffmpeg that decodes only once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playout.transcode.encode.audio_filters import LOUDNESS_FILE, audio_graph
from playout.transcode.encode.filters import rungs_graph, uniform_pictures
from playout.transcode.encode.ladder import Rung
from playout.transcode.encode.remux import aac_options, language_options
from playout.transcode.encode.source import source_options, streams_in_step
from playout.transcode.encode.tracks import Track, audio_track, rung_track
from playout.transcode.ffmpeg import (
    Progress,
    ffmpeg_command,
    fragmented_mp4_options,
    run_ffmpeg,
    video_from_zero,
)
from playout.transcode.inspect.probe import Probe
from playout.transcode.names import AUDIO
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Tools

CUTS_FILE = "cuts.txt"
LONGEST_IN_GROUPS = 8
"""The longest segment between `cuts`, in groups of pictures of two seconds."""
SILENCE_LUFS = -70
"""The lowest loudness that is measured. Audio that is never louder counts as silence."""


@dataclass(frozen=True, slots=True)
class EncodeRequest:
    """The tracks that one run of ffmpeg makes from a source."""

    rungs: Sequence[Rung]
    encode_audio: bool = False
    measure_loudness: bool = False
    preset: str = "veryfast"
    """x264's own word for how much time it may take."""
    cuts: Sequence[float] = ()
    """The seconds at which segments begin, beside the first one; () for one every two seconds."""
    is_stitchable: bool = False
    """True if segments that are encoded later have to fit between those between `cuts`."""


@dataclass(frozen=True, slots=True)
class EncodeResult:
    """The tracks that were made: the rungs in their order, then the audio."""

    tracks: list[Track]
    loudness: float | None = None
    """Integrated loudness in LUFS (EBU R 128); None if it was not measured, and for silence."""


def encode(
    source: Path,
    probe: Probe,
    request: EncodeRequest,
    folder: Path,
    tools: Tools,
    *,
    on_progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never_cancelled,
) -> EncodeResult:
    """Encode tracks of `source` into `folder`, in segments of two seconds or as `cuts` say.

    Raise `MediaRejected`, `StorageFull` or `WorkCancelled`.
    """
    source, folder = source.absolute(), folder.absolute()
    progress = Progress(probe.duration_ms, on_progress)
    if request.cuts:
        # So many of them make a command line too long.
        (folder / CUTS_FILE).write_text(_forced_times(request))
    run_ffmpeg(
        encode_command(source, probe, request, folder, tools),
        tools,
        folder=folder,
        readable=[source],
        on_line=progress.read_line,
        cancelled=cancelled,
    )
    (folder / CUTS_FILE).unlink(missing_ok=True)
    tracks = [rung_track(folder / f"{rung.name}.mp4", rung) for rung in request.rungs]
    if probe.audio and request.encode_audio:
        tracks.append(audio_track(folder / f"{AUDIO}.mp4", AUDIO, 2, probe))
    progress.finish()
    loudness = _read_loudness(folder / LOUDNESS_FILE) if request.measure_loudness else None
    return EncodeResult(tracks, loudness)


def encode_command(
    source: Path, probe: Probe, request: EncodeRequest, folder: Path, tools: Tools
) -> list[str]:
    """Return the ffmpeg command that makes the requested tracks."""
    graphs = [rungs_graph(probe, request.rungs)]
    audio = probe.audio
    if audio and (request.encode_audio or request.measure_loudness):
        graphs.append(
            audio_graph(
                probe,
                audio,
                encode=request.encode_audio,
                measure_loudness=request.measure_loudness,
            )
        )
    command = [
        *ffmpeg_command(tools),
        *source_options(source, probe, tools),
        *streams_in_step(probe),
        *("-filter_complex", uniform_pictures(probe), "-filter_complex", ";".join(graphs)),
    ]
    for number, rung in enumerate(request.rungs):
        command += ["-map", f"[v{number}]", *_x264_options(rung, request, folder, tools)]
        command += fragmented_mp4_options(folder / f"{rung.name}.mp4", at_keyframes=True)
    if audio and request.encode_audio:
        command += ["-map", "[a]", *aac_options(audio), *language_options(probe)]
        command += fragmented_mp4_options(folder / f"{AUDIO}.mp4", at_keyframes=False)
    return command


def _x264_options(rung: Rung, request: EncodeRequest, folder: Path, tools: Tools) -> list[str]:
    return [
        *(
            "-c:v",
            "libx264",
            "-preset",
            request.preset,
            "-profile:v",
            "high",
            "-pix_fmt",
            "yuv420p",
        ),
        *("-crf", str(rung.crf), "-maxrate", str(rung.max_bitrate)),
        *("-bufsize", str(rung.buffer_bits)),
        *("-bsf:v", video_from_zero(rung.fps)),
        # Key frames are at the same times in every rung and nowhere else, and no frame refers to
        # one before a key frame: so a player can switch between rungs at each segment.
        *(*_key_frames(rung, request, folder), "-sc_threshold", "0", "-flags", "+cgop"),
        *("-threads:v", str(tools.limits.threads)),
    ]


def _key_frames(rung: Rung, request: EncodeRequest, folder: Path) -> list[str]:
    if not request.cuts:
        return ["-g", str(rung.gop), "-keyint_min", str(rung.gop)]
    options = ["-g", str(longest_group(rung)), "-forced-idr", "1"]
    if request.is_stitchable:
        options += ["-keyint_min", "1", "-x264-params", "stitchable=1"]
    return [*options, "-/force_key_frames", f"{folder / CUTS_FILE}"]


def longest_group(rung: Rung) -> int:
    """Return the most frames from one key frame to the next where `cuts` say where they are."""
    return rung.gop * LONGEST_IN_GROUPS


def _forced_times(request: EncodeRequest) -> str:
    return forced_times(request.cuts, max(float(rung.fps) for rung in request.rungs))


def forced_times(cuts: Sequence[float], fps: float) -> str:
    """Return the times for ffmpeg, which takes the first picture at or after each of them.

    They are half a picture early, because the times of a source may be rounded.
    """
    return ",".join(f"{max(cut - 0.5 / fps, 0):.6f}" for cut in cuts)


def _read_loudness(file: Path) -> float | None:
    """Return the last value that ffmpeg wrote, which is that of the whole; None for silence."""
    if not file.exists():
        return None
    with file.open("rb") as lines:
        lines.seek(max(0, file.stat().st_size - 1024))
        last = lines.read().decode("ascii", "replace").rpartition("lavfi.r128.I=")[2].split()
    file.unlink()
    try:
        loudness = float(last[0])
    except (IndexError, ValueError):
        return None
    return loudness if loudness > SILENCE_LUFS else None
