"""The programs that read and write video, and the limits that they run in."""

import importlib.util
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playout.kit.errors import Unavailable
from playout.transcode.sandbox.run import Confinement

GIB = 1024**3
PROBE_SCRIPT = Path(__file__).parents[1] / "inspect" / "probe_child.py"

NO_SANDBOX = (
    "There is no working bubblewrap: sources are read with limits, but without a sandbox."
    " Install it on this machine (apt install bubblewrap, dnf install bubblewrap). In a container,"
    " allow unprivileged user namespaces."
)
"""Advice for a machine where the `sandbox` is only a process."""


@dataclass(frozen=True)
class Limits:
    """The most that one file may demand of the machine. A file that demands more is rejected."""

    pixels: int = 8192 * 8192
    duration_seconds: int = 12 * 3600
    streams: int = 64
    packets: int = 10_000_000
    """Of all streams that are read. Their times are kept in memory, outside the sandbox."""
    memory_bytes: int = 8 * GIB
    """Address space, not resident memory: threads reserve far more than they touch."""
    probe_seconds: float = 60
    wall_seconds: float = 6 * 3600
    output_bytes: int = 64 * GIB
    niceness: int = 0
    """The nice value of the work, 0 to 19: a higher one leaves more of the CPU to other work."""
    threads: int = field(default_factory=lambda: min(os.cpu_count() or 1, 8))


@dataclass(frozen=True)
class Tools:
    """ffmpeg, the sandbox that it runs in, and its limits."""

    ffmpeg: Path
    version: str
    bubblewrap: Path | None = None
    limits: Limits = field(default_factory=Limits)
    problem: str | None = None
    """A sentence that says what does not work; None if the tools work, or were not tried."""

    @property
    def sandbox(self) -> Literal["bubblewrap", "process"]:
        return "bubblewrap" if self.bubblewrap else "process"

    def describe(self) -> dict[str, str]:
        """Return the facts that the health page shows."""
        facts = {"ffmpeg": self.version, "sandbox": self.sandbox}
        return facts if self.problem is None else {**facts, "error": self.problem}

    def confinement(self, wall_seconds: float) -> Confinement:
        """Return the bounds of one command that may take `wall_seconds`."""
        return Confinement(
            bubblewrap=self.bubblewrap,
            memory_bytes=self.limits.memory_bytes,
            output_bytes=self.limits.output_bytes,
            wall_seconds=wall_seconds,
            cpu_seconds=int(wall_seconds * self.limits.threads) + 1,
            niceness=self.limits.niceness,
        )


@dataclass(frozen=True)
class ProbeCommand:
    """The command line of `probe_child.py`, and the files that it must be able to read."""

    command: list[str]
    readable: list[Path]


def probe_command(question: str) -> ProbeCommand:
    """Return the command that runs the probe with the bare interpreter.

    `question` is the JSON that the probe answers. The command can read the interpreter, the script
    and PyAV, but none of the other packages.
    """
    spec = importlib.util.find_spec("av")
    if spec is None or spec.origin is None:
        raise Unavailable("PyAV, which looks into videos, is not installed.")
    package = Path(spec.origin).parent
    interpreter = Path(sys.executable).resolve()
    readable = [Path(sys.base_prefix), interpreter, PROBE_SCRIPT, package]
    libraries = package.with_name("av.libs")
    return ProbeCommand(
        command=[str(interpreter), "-I", "-S", str(PROBE_SCRIPT), str(package.parent), question],
        readable=[*readable, libraries] if libraries.is_dir() else readable,
    )
