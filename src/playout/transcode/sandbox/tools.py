"""The programs that read and write video, and the bounds they run in."""

import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import imageio_ffmpeg

from playout.kit.errors import Unavailable
from playout.transcode.errors import MediaRejected
from playout.transcode.sandbox.run import Confinement, run

GIB = 1024**3
PROBE_SCRIPT = Path(__file__).parents[1] / "inspect" / "probe_child.py"


@dataclass(frozen=True)
class Limits:
    """What one file may ask of the machine. More than that is the file's fault, and is rejected."""

    pixels: int = 8192 * 8192
    duration_seconds: int = 12 * 3600
    streams: int = 64
    memory_bytes: int = 8 * GIB
    """Address space, not resident memory: threads reserve far more than they touch."""
    probe_seconds: float = 60
    wall_seconds: float = 6 * 3600
    output_bytes: int = 64 * GIB
    niceness: int = 0
    """How far the work stands back behind other work, 0 to 19."""
    threads: int = field(default_factory=lambda: min(os.cpu_count() or 1, 8))


@dataclass(frozen=True)
class Tools:
    """Where ffmpeg is, how it is fenced in, and its limits. Built once, at the start."""

    ffmpeg: Path
    version: str
    bubblewrap: Path | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def sandbox(self) -> Literal["bubblewrap", "process"]:
        return "bubblewrap" if self.bubblewrap else "process"

    def describe(self) -> dict[str, str]:
        """The facts that the health page shows."""
        return {"ffmpeg": self.version, "sandbox": self.sandbox}

    def confinement(self, wall_seconds: float) -> Confinement:
        """The bounds of one command that may take `wall_seconds`."""
        return Confinement(
            bubblewrap=self.bubblewrap,
            memory_bytes=self.limits.memory_bytes,
            output_bytes=self.limits.output_bytes,
            wall_seconds=wall_seconds,
            cpu_seconds=int(wall_seconds * self.limits.threads) + 1,
            niceness=self.limits.niceness,
        )


def find_tools(ffmpeg: str | None = None, limits: Limits | None = None) -> Tools:
    """Find ffmpeg (a path or a name on PATH; None: the one in the wheel) and the best sandbox.

    Bubblewrap is taken when it is installed and ffmpeg really starts inside it, which needs user
    namespaces. Raises `Unavailable` when ffmpeg does not start at all.
    """
    plain = Tools(ffmpeg=_ffmpeg_path(ffmpeg), version="", limits=limits or Limits())
    bubblewrap = shutil.which("bwrap")
    candidates = [replace(plain, bubblewrap=Path(bubblewrap))] if bubblewrap else []
    for tools in [*candidates, plain]:
        version = _version(tools)
        if version:
            return replace(tools, version=version)
    raise Unavailable(f"ffmpeg does not start: {plain.ffmpeg}")


@dataclass(frozen=True)
class Child:
    """A script of this package as a command, and what it must be able to read."""

    command: list[str]
    readable: list[Path]


def probe_child(*arguments: str) -> Child:
    """Build the command that runs the probe with the bare interpreter.

    PyAV's folder is its first argument. Only the interpreter, the script and PyAV are readable to
    it, not the rest of the packages.
    """
    spec = importlib.util.find_spec("av")
    if spec is None or spec.origin is None:
        raise Unavailable("PyAV, which looks into videos, is not installed.")
    package = Path(spec.origin).parent
    interpreter = Path(sys.executable).resolve()
    folders = [Path(sys.base_prefix), interpreter, PROBE_SCRIPT, package]
    libraries = package.with_name("av.libs")
    return Child(
        command=[str(interpreter), "-I", "-S", str(PROBE_SCRIPT), str(package.parent), *arguments],
        readable=[*folders, libraries] if libraries.is_dir() else folders,
    )


def _ffmpeg_path(named: str | None) -> Path:
    found = shutil.which(named) if named else imageio_ffmpeg.get_ffmpeg_exe()
    if not found:
        raise Unavailable(f"There is no ffmpeg at {named}.")
    return Path(found).resolve()


def _version(tools: Tools) -> str:
    """The version of ffmpeg, or nothing if it or the probe does not start in this sandbox."""
    bounds = tools.confinement(wall_seconds=20)
    child = probe_child()
    try:
        done = run([str(tools.ffmpeg), "-version"], bounds, readable=[tools.ffmpeg])
        trial = run(child.command, bounds, readable=child.readable)
    except (MediaRejected, Unavailable):
        return ""
    words = done.stdout.split()
    if words[:2] != ["ffmpeg", "version"] or trial.returncode != 0:
        return ""
    return words[2]
