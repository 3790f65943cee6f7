"""Assemble videos of any kind into one: one size, one frame rate, one sound."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count
from pathlib import Path

from playout.transcode.encode.ffmpeg import Progress, input_of, start_of
from playout.transcode.encode.filters import EVEN_SOUND, framed
from playout.transcode.encode.ladder import SEGMENT_SECONDS, constant_rate, fitted
from playout.transcode.encode.tracks import rejected
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.audio_probe import Sound
from playout.transcode.inspect.probe import Probe
from playout.transcode.inspect.sniff import Container, SoundContainer
from playout.transcode.sandbox.run import never, run
from playout.transcode.sandbox.tools import Tools

CRF = 16
"""What is made here is a source: the renditions are encoded from it once more."""
SOUND = "aformat=sample_rates=48000:channel_layouts=stereo:sample_fmts=fltp"
SILENCE = "anullsrc=r=48000:cl=stereo"


@dataclass(frozen=True, slots=True)
class Piece:
    """A local file, what is in it, and what is heard to it if it has no sound of its own."""

    file: Path
    found: Probe
    narration: Sound | None = None

    @property
    def heard(self) -> Sound | None:
        return None if self.found.audio else self.narration

    @property
    def has_sound(self) -> bool:
        return self.found.audio is not None or self.narration is not None

    @property
    def duration_ms(self) -> int:
        """Nobody is cut off: the last picture stands until everything has been said."""
        return max(self.found.duration_ms, self.heard.duration_ms if self.heard else 0)


@dataclass(frozen=True, slots=True)
class Form:
    """What all pieces are brought to."""

    frame: tuple[int, int]
    rate: Fraction
    has_sound: bool


def form_of(pieces: Sequence[Piece]) -> Form:
    """The size of the largest picture, the highest frame rate, and sound if any piece has some."""
    videos = [piece.found.video for piece in pieces]
    largest = max(videos, key=lambda video: video.width * video.height)
    return Form(
        frame=fitted(largest.width, largest.height)[-1][1],
        rate=max(constant_rate(video) for video in videos),
        has_sound=any(piece.has_sound for piece in pieces),
    )


def assemble(
    pieces: Sequence[Piece],
    target: Path,
    tools: Tools,
    *,
    preset: str,
    on_progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never,
) -> None:
    """Make one MP4 of H.264 and AAC at `target`, the pieces one after another.

    Each lasts as long as it says, to the frame. One with nothing to be heard is silent, if others
    have some.
    Raises `MediaRejected`, `StorageFull`, `WorkCancelled`.
    """
    target = target.absolute()
    whole_ms = sum(piece.duration_ms for piece in pieces)
    if whole_ms > tools.limits.duration_seconds * 1000:
        hours = tools.limits.duration_seconds / 3600
        raise MediaRejected(f"Together they are longer than {hours:g} hours, the most there is.")
    progress = Progress(whole_ms, on_progress)
    done = run(
        _command(pieces, form_of(pieces), target, preset, tools),
        tools.confinement(tools.limits.wall_seconds),
        folder=target.parent,
        readable=[tools.ffmpeg, *(file for file, _ in _inputs(pieces))],
        on_line=progress.line,
        cancelled=cancelled,
    )
    if done.returncode != 0:
        target.unlink(missing_ok=True)
        raise rejected(done)
    progress.finish()


def _command(
    pieces: Sequence[Piece], form: Form, target: Path, preset: str, tools: Tools
) -> list[str]:
    # All are open at once: together they get the threads of one.
    few = replace(tools.limits, threads=max(1, tools.limits.threads // len(pieces)))
    inputs = [
        option
        for file, container in _inputs(pieces)
        for option in input_of(file, container, replace(tools, limits=few))
    ]
    gop = str(round(form.rate * SEGMENT_SECONDS))
    sound = ["-map", "[a]", "-c:a", "aac", "-b:a", "192k"] if form.has_sound else []
    return [
        *(*start_of(tools), *inputs, "-filter_complex", graph(pieces, form), "-map", "[v]"),
        *("-c:v", "libx264", "-preset", preset, "-crf", str(CRF), "-pix_fmt", "yuv420p"),
        *("-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-flags:v", "+cgop"),
        *("-threads:v", str(tools.limits.threads), *sound),
        *("-map_metadata", "-1", "-map_chapters", "-1", "-f", "mp4", "-y", f"file:{target}"),
    ]


def _inputs(pieces: Sequence[Piece]) -> list[tuple[Path, Container | SoundContainer]]:
    """The files that are read: those of the pieces, then what is heard to them."""
    files: list[tuple[Path, Container | SoundContainer]] = []
    files += [(piece.file.absolute(), piece.found.container) for piece in pieces]
    heard = [piece.heard for piece in pieces if piece.heard]
    return [*files, *((sound.file.absolute(), sound.container) for sound in heard)]


def graph(pieces: Sequence[Piece], form: Form) -> str:
    """Each piece brought to the form and to its length, and all of them one after another."""
    parts, ends = [], ""
    narrations = count(len(pieces))
    for number, piece in enumerate(pieces):
        frames = max(1, round(piece.duration_ms * form.rate / 1000))
        seconds = float(frames / form.rate)
        video, audio, place = piece.found.video, piece.found.audio, number
        if piece.heard:
            audio, place = piece.heard.audio, next(narrations)
        # Its last picture stands where the sound goes on; what goes on for longer is cut.
        steps = [*framed(video, form.rate, form.frame), "tpad=stop=-1:stop_mode=clone"]
        parts.append(
            f"[{number}:{video.index}]{','.join(steps)},trim=end_frame={frames}[v{number}]"
        )
        ends += f"[v{number}]"
        if form.has_sound:
            heard = f"[{place}:{audio.index}]{EVEN_SOUND},{SOUND},apad" if audio else SILENCE
            parts.append(f"{heard},atrim=end={seconds:.6f},{SOUND}[a{number}]")
            ends += f"[a{number}]"
    streams, sound = ("[v][a]", 1) if form.has_sound else ("[v]", 0)
    return ";".join([*parts, f"{ends}concat=n={len(pieces)}:v=1:a={sound}{streams}"])
