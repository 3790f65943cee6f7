"""Command lines of ffmpeg: their beginning, their inputs and outputs, and running them."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.decoders import DECODERS
from playout.transcode.inspect.sniff import AudioContainer, Container
from playout.transcode.sandbox.run import CompletedCommand, never_cancelled, run
from playout.transcode.sandbox.tools import Tools

SEGMENT_SECONDS = 2
_FRAGMENTED = "cmaf+dash+global_sidx+delay_moov+skip_trailer"
# Places, names and devices in a file are private. The language is kept, by an option of its own.
_NO_METADATA = ("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn")
_MUXING_QUEUE = ("-max_muxing_queue_size", "4096")
_BEHIND_PICTURES = ("[vost#", "[aost#", "[enc:", "[out#", "[libx264", "[aac", "[mp4")
"""The beginning of messages of encoders and muxers."""
_LEAST_TIMESCALE = 10_000
_FROM_ZERO = r"setts=pts=if(N\,PTS\,0):dts=if(N\,max(DTS\,N)\,0)"
WITHOUT_PRIMING = r"noise=drop=lt(pts+d/2\,0)"
"""Drops the packets that an audio encoder needs to begin with. They lie before the beginning, and
only an edit list could say so."""


def ffmpeg_command(tools: Tools) -> list[str]:
    """Return the beginning of a command line: only errors are logged, progress goes to stdout."""
    return [
        str(tools.ffmpeg),
        *("-hide_banner", "-nostdin", "-v", "error", "-nostats"),
        *("-progress", "pipe:1", "-stats_period", "0.5"),
        *("-filter_threads", str(tools.limits.threads)),
    ]


def input_options(
    source: Path,
    container: Container | AudioContainer,
    tools: Tools,
    options: Sequence[str] = (),
) -> list[str]:
    """Return the options that read one local file, with its demuxer and no other.

    AVI knows no times of showing, and ffmpeg's guess of them (`genpts`) is wrong for H.264.
    `options` are further ones for this input. If ffmpeg gets an option twice, the later one wins.
    """
    return [
        *("-protocol_whitelist", "file,pipe", "-codec_whitelist", ",".join(DECODERS)),
        *("-format_whitelist", container, "-max_pixels", str(tools.limits.pixels)),
        *("-threads", str(tools.limits.threads), "-t", str(tools.limits.duration_seconds)),
        *(() if container == "avi" else ("-fflags", "+genpts")),
        *("-f", container, *options, "-i", f"file:{source}"),
    ]


def video_from_zero(rate: Fraction | None = None) -> str:
    """Return the bitstream filter that lets a video track begin at 0, without an edit list.

    Where pictures are stored in another order than they are shown, decoding has to begin earlier
    than showing. A muxer would shift the whole track by that, and undo it in an edit list, which
    players ignore in part of their arithmetic. Instead, the first few pictures are decoded within
    a tick each; the time at which each picture is shown stays. If the first one would be late, it
    is shown from the beginning.

    `rate` is the frame rate of an encoder, whose own ticks are too long for that.
    """
    if rate is None:
        return _FROM_ZERO
    timescale = rate.numerator
    while timescale < _LEAST_TIMESCALE:
        timescale *= 2
    return f"setts=time_base=1/{timescale}:pts=PTS:dts=DTS,{_FROM_ZERO}"


def fragmented_mp4_options(
    file: Path,
    *,
    at_keyframes: bool,
    min_seconds: Fraction | int = 0,
) -> list[str]:
    """Return the options that write one track to `file` in fragments.

    A fragment begins at a key frame and lasts at least `min_seconds`; without `at_keyframes` there
    is one every two seconds.
    """
    flags = _FRAGMENTED
    flags += "+frag_keyframe" if at_keyframes else ""
    option = "-min_frag_duration" if at_keyframes else "-frag_duration"
    seconds = min_seconds if at_keyframes else SEGMENT_SECONDS
    return [
        *(*_NO_METADATA, *_MUXING_QUEUE, "-movflags", flags, "-use_editlist", "0"),
        *(option, str(round(seconds * 1_000_000)), "-f", "mp4", "-y", f"file:{file}"),
    ]


def run_ffmpeg(
    command: Sequence[str],
    tools: Tools,
    *,
    folder: Path,
    readable: Sequence[Path],
    on_line: Callable[[str], None] | None = None,
    cancelled: Callable[[], bool] = never_cancelled,
) -> None:
    """Run a whole ffmpeg command that reads the files `readable` and writes into `folder`.

    Raise `MediaRejected`, with the reason, if it fails, and what `sandbox.run` raises.
    """
    output = _Output(on_line)
    completed = run(
        command,
        tools.confinement(tools.limits.wall_seconds),
        folder=folder,
        readable=[tools.ffmpeg, *readable],
        on_line=output.read_line,
        cancelled=cancelled,
    )
    if completed.returncode != 0:
        raise _rejection(completed, has_pictures=output.has_pictures)


class _Output:
    """The progress of ffmpeg, and whether any picture has come of its work."""

    def __init__(self, on_line: Callable[[str], None] | None) -> None:
        self._on_line = on_line
        self.has_pictures = False

    def read_line(self, line: str) -> None:
        """Read one line that `-progress` wrote, such as `frame=17`."""
        name, _, value = line.strip().partition("=")
        if name == "frame" and value.strip() not in {"", "0"}:
            self.has_pictures = True
        if self._on_line:
            self._on_line(line)


def _rejection(failed: CompletedCommand, *, has_pictures: bool) -> MediaRejected:
    if "File too large" in failed.stderr:
        reason = "This video would take more room than Playout allows for one file."
    elif _lacks_memory(failed.stderr):
        reason = "This video needs more memory than Playout allows for one file."
    elif not has_pictures:
        reason = "Not one picture of this video can be converted: the file is damaged."
    else:
        reason = "Playout cannot convert this video: the file is damaged."
    error = MediaRejected(reason)
    error.add_note(failed.stderr)
    return error


def _lacks_memory(stderr: str) -> bool:
    """Return whether a demuxer, a decoder or a filter could not have the memory that it needs.

    Encoders, and what is behind them, say so of other failures, too: of pictures that never came.
    """
    lines = [line for line in stderr.splitlines() if "Cannot allocate memory" in line]
    return any(not line.startswith(_BEHIND_PICTURES) for line in lines)


class Progress:
    """The progress of ffmpeg, reported as a rising fraction from 0 to 1."""

    def __init__(self, duration_ms: int, on_progress: Callable[[float], None]) -> None:
        self._duration_us = max(duration_ms, 1) * 1000
        self._on_progress = on_progress
        self._reported = 0.0

    def read_line(self, line: str) -> None:
        """Read one line that `-progress` wrote, such as `out_time_us=1500000`."""
        name, _, value = line.strip().partition("=")
        if name == "out_time_us" and value.isdigit():
            # 1 is reported only after the result has been checked.
            self._report(min(int(value) / self._duration_us, 0.99))

    def finish(self) -> None:
        """Report 1: the result is complete."""
        self._report(1.0)

    def _report(self, fraction: float) -> None:
        if fraction > self._reported:
            self._reported = fraction
            self._on_progress(fraction)
