"""What every ffmpeg command line has in common, and how its progress is read."""

from collections.abc import Callable
from pathlib import Path

from playout.transcode.inspect.decoders import DECODERS
from playout.transcode.inspect.sniff import Container, SoundContainer
from playout.transcode.sandbox.tools import Tools


def start_of(tools: Tools) -> list[str]:
    """ffmpeg, quiet but for errors, telling its progress on standard output."""
    return [
        str(tools.ffmpeg),
        *("-hide_banner", "-nostdin", "-v", "error", "-nostats"),
        *("-progress", "pipe:1", "-stats_period", "0.5"),
        *("-filter_threads", str(tools.limits.threads)),
    ]


def input_of(source: Path, container: Container | SoundContainer, tools: Tools) -> list[str]:
    """One local file as input: its format forced, everything else shut out."""
    return [
        *("-protocol_whitelist", "file,pipe", "-codec_whitelist", ",".join(DECODERS)),
        *("-format_whitelist", container, "-max_pixels", str(tools.limits.pixels)),
        *("-threads", str(tools.limits.threads), "-fflags", "+genpts"),
        *("-t", str(tools.limits.duration_seconds)),
        *("-f", container, "-i", f"file:{source}"),
    ]


class Progress:
    """Turns ffmpeg's `-progress` lines into fractions of `duration_ms`, never falling."""

    def __init__(self, duration_ms: int, on_progress: Callable[[float], None]) -> None:
        self._duration_us = max(duration_ms, 1) * 1000
        self._on_progress = on_progress
        self._reached = 0.0

    def line(self, line: str) -> None:
        """One line of standard output, such as `out_time_us=1500000`."""
        name, _, value = line.strip().partition("=")
        if name == "out_time_us" and value.isdigit():
            # The whole is reached only after the result has been checked.
            self._tell(min(int(value) / self._duration_us, 0.99))

    def finish(self) -> None:
        """The result is there."""
        self._tell(1.0)

    def _tell(self, fraction: float) -> None:
        if fraction > self._reached:
            self._reached = fraction
            self._on_progress(fraction)
