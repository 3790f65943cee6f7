"""Assemble clips of any kind into one video, with one size, one frame rate and one audio track."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count
from pathlib import Path

from playout.transcode.encode.audio_filters import audio_source
from playout.transcode.encode.filters import PICTURE, fit_into_frame, uniform_pictures
from playout.transcode.encode.ladder import constant_frame_rate, resolutions_for
from playout.transcode.encode.source import source_options
from playout.transcode.errors import MediaRejected
from playout.transcode.ffmpeg import (
    SEGMENT_SECONDS,
    Progress,
    ffmpeg_command,
    input_options,
    run_ffmpeg,
)
from playout.transcode.inspect.audio_probe import AudioProbe
from playout.transcode.inspect.probe import Probe
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Tools

CRF = 16
"""The result is a source: the renditions are encoded from it once more."""
AUDIO_FORMAT = "aformat=sample_rates=48000:channel_layouts=stereo:sample_fmts=fltp"
SILENCE = "anullsrc=r=48000:cl=stereo"


@dataclass(frozen=True, slots=True)
class Clip:
    """A local video file, and a narration to play if the video has no audio of its own."""

    file: Path
    probe: Probe
    narration: AudioProbe | None = None

    @property
    def used_narration(self) -> AudioProbe | None:
        return None if self.probe.audio else self.narration

    @property
    def has_audio(self) -> bool:
        return self.probe.audio is not None or self.narration is not None

    @property
    def duration_ms(self) -> int:
        """The longer duration of both: the last picture stays until the narration ends."""
        narration = self.used_narration
        return max(self.probe.duration_ms, narration.duration_ms if narration else 0)


@dataclass(frozen=True, slots=True)
class CommonFormat:
    """The format that all clips are converted to before they are joined."""

    frame: tuple[int, int]
    rate: Fraction
    has_audio: bool


def common_format(clips: Sequence[Clip]) -> CommonFormat:
    """Return the size of the largest picture and the highest frame rate.

    There is audio if any clip has some.
    """
    videos = [clip.probe.video for clip in clips]
    largest = max(videos, key=lambda video: video.width * video.height)
    _, frame = resolutions_for(largest.width, largest.height)[-1]
    return CommonFormat(
        frame=frame,
        rate=max(constant_frame_rate(video) for video in videos),
        has_audio=any(clip.has_audio for clip in clips),
    )


def assemble(
    clips: Sequence[Clip],
    target: Path,
    tools: Tools,
    *,
    preset: str,
    on_progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never_cancelled,
) -> None:
    """Join the clips, in order, in the MP4 `target` of H.264 and AAC.

    Each clip lasts for its duration, exact to the frame. A clip without audio is silent if others
    have audio. On an error no file is left at `target`. Raise `MediaRejected`, `StorageFull` or
    `WorkCancelled`.
    """
    target = target.absolute()
    total_ms = sum(clip.duration_ms for clip in clips)
    if total_ms > tools.limits.duration_seconds * 1000:
        hours = tools.limits.duration_seconds / 3600
        raise MediaRejected(
            f"Together these videos are longer than {hours:g} hours, the most Playout accepts."
        )
    progress = Progress(total_ms, on_progress)
    try:
        run_ffmpeg(
            _command(clips, common_format(clips), target, preset, tools),
            tools,
            folder=target.parent,
            readable=_files(clips),
            on_line=progress.read_line,
            cancelled=cancelled,
        )
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    progress.finish()


def _command(
    clips: Sequence[Clip], common: CommonFormat, target: Path, preset: str, tools: Tools
) -> list[str]:
    # All inputs are decoded at once: they share the threads that a single one would have.
    threads = max(1, tools.limits.threads // len(clips))
    input_tools = replace(tools, limits=replace(tools.limits, threads=threads))
    inputs = [
        option
        for clip in clips
        for option in source_options(clip.file.absolute(), clip.probe, input_tools)
    ]
    for narration in _narrations(clips):
        inputs += input_options(narration.file.absolute(), narration.container, input_tools)
    gop = str(round(common.rate * SEGMENT_SECONDS))
    audio = ["-map", "[a]", "-c:a", "aac", "-b:a", "192k"] if common.has_audio else []
    return [
        *(*ffmpeg_command(tools), *inputs),
        *_uniform_pictures(clips),
        *("-filter_complex", assembly_graph(clips, common), "-map", "[v]"),
        *("-c:v", "libx264", "-preset", preset, "-crf", str(CRF), "-pix_fmt", "yuv420p"),
        *("-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-flags:v", "+cgop"),
        *("-threads:v", str(tools.limits.threads), *audio),
        *("-map_metadata", "-1", "-map_chapters", "-1", "-f", "mp4", "-y", f"file:{target}"),
    ]


def _uniform_pictures(clips: Sequence[Clip]) -> list[str]:
    """Return the graphs that make the pictures of each clip alike, labelled by its number."""
    graphs = (uniform_pictures(clip.probe, number) for number, clip in enumerate(clips))
    return [option for graph in graphs for option in ("-filter_complex", graph)]


def _files(clips: Sequence[Clip]) -> list[Path]:
    files = [clip.file for clip in clips] + [each.file for each in _narrations(clips)]
    return [file.absolute() for file in files]


def _narrations(clips: Sequence[Clip]) -> list[AudioProbe]:
    """Return the narrations that are used, in order: their inputs follow those of the clips."""
    return [clip.used_narration for clip in clips if clip.used_narration]


def assembly_graph(clips: Sequence[Clip], common: CommonFormat) -> str:
    """Return the graph that converts each clip, gives it its exact length, and joins them all.

    Its inputs are the pictures of `_uniform_pictures` and the audio of the files, and its outputs
    are labelled `v` and `a`.
    """
    chains, labels = [], ""
    narration_inputs = count(len(clips))
    for number, clip in enumerate(clips):
        frames = max(1, round(clip.duration_ms * common.rate / 1000))
        chains.append(_video_chain(number, clip, common, frames))
        labels += f"[v{number}]"
        if common.has_audio:
            audio_input = next(narration_inputs) if clip.used_narration else number
            chains.append(_audio_chain(number, clip, audio_input, float(frames / common.rate)))
            labels += f"[a{number}]"
    outputs, audio_count = ("[v][a]", 1) if common.has_audio else ("[v]", 0)
    return ";".join([*chains, f"{labels}concat=n={len(clips)}:v=1:a={audio_count}{outputs}"])


def _video_chain(number: int, clip: Clip, common: CommonFormat, frames: int) -> str:
    filters = [
        *fit_into_frame(clip.probe.video, common.rate, common.frame),
        f"trim=end_frame={frames}",
    ]
    return f"[{PICTURE}{number}]{','.join(filters)}[v{number}]"


def _audio_chain(number: int, clip: Clip, audio_input: int, seconds: float) -> str:
    narration = clip.used_narration
    audio = narration.audio if narration else clip.probe.audio
    start = SILENCE
    if audio:
        start = f"{audio_source(audio, audio_input)},{AUDIO_FORMAT},apad"
    return f"{start},atrim=end={seconds:.6f},{AUDIO_FORMAT}[a{number}]"
