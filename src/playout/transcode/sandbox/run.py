"""Run one command on one file, fenced in: in memory, time, bytes written, and reach.

Every command is a process group of its own, dies with the server, and gets no input and next to no
environment. Under bubblewrap it also sees no network, no other process, and no file but the
system's libraries, what is named `readable`, and the job's `folder`.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playout.kit.errors import StorageFull, Unavailable
from playout.transcode.errors import MediaRejected, WorkCancelled
from playout.transcode.sandbox.bubblewrap import wrapped
from playout.transcode.sandbox.output import Output

POLL_SECONDS = 0.1
CANCEL_SECONDS = 0.5
_CONFINE = str(Path(__file__).with_name("confine.py"))
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    # Each arena reserves 64 MB of address space per thread, which the memory limit would count.
    "MALLOC_ARENA_MAX": "2",
}


@dataclass(frozen=True)
class Confinement:
    """The bounds of one command. `bubblewrap` is its path, or None to do without."""

    bubblewrap: Path | None
    memory_bytes: int
    output_bytes: int
    wall_seconds: float
    cpu_seconds: int
    files: int = 256
    niceness: int = 0
    """How far it stands back behind other commands, 0 to 19."""


@dataclass(frozen=True)
class Finished:
    """How a command ended. `returncode` is above 128 for a signal; both texts are bounded."""

    returncode: int
    stdout: str
    stderr: str


def never() -> bool:
    """The `cancelled` of work that nobody will call off."""
    return False


def run(
    command: Sequence[str],
    bounds: Confinement,
    *,
    folder: Path | None = None,
    readable: Sequence[Path] = (),
    on_line: Callable[[str], None] | None = None,
    cancelled: Callable[[], bool] = never,
) -> Finished:
    """Run `command` (absolute program first) to its end and say how it ended.

    `folder` is its working folder and the only place where it may write; `readable` are the files
    and folders that it may read or execute, itself included. `on_line` gets the lines of its
    standard output as they come, and `cancelled` is asked twice a second; both in this thread.

    Raises `MediaRejected` when it takes longer than the bounds allow, `WorkCancelled` when
    `cancelled()` says so or somebody else ends it, `StorageFull` when the disk has no room,
    `Unavailable` when the command cannot be started. A failure of the command itself is not raised:
    look at `returncode`.
    """
    with _started(command, bounds, folder, readable) as process:
        output = Output(process, on_line)
        _follow(output, time.monotonic() + bounds.wall_seconds, bounds, cancelled)
    done = Finished(process.returncode, output.stdout(), output.stderr())
    if done.returncode != 0:
        _raise_if_not_its_fault(done)
    return done


def _raise_if_not_its_fault(done: Finished) -> None:
    if done.returncode < 0:
        # What confines the command was asked to end: the machine stops, with all that runs on it.
        raise WorkCancelled
    if "No space left on device" in done.stderr:
        raise StorageFull("The storage has no room left for this video.")
    if done.stderr.startswith(("bwrap: ", "confine: ")):
        unavailable = Unavailable("Playout cannot start its video tools at the moment.")
        unavailable.add_note(done.stderr)
        raise unavailable


def _follow(
    output: Output, deadline: float, bounds: Confinement, cancelled: Callable[[], bool]
) -> None:
    ask_at = 0.0
    while output.step(POLL_SECONDS):
        now = time.monotonic()
        if now > deadline:
            raise MediaRejected(
                "This file takes too long to read or convert: "
                f"Playout stopped after {_spoken(bounds.wall_seconds)}."
            )
        if now >= ask_at:
            ask_at = now + CANCEL_SECONDS
            if cancelled():
                raise WorkCancelled


@contextlib.contextmanager
def _started(
    command: Sequence[str], bounds: Confinement, folder: Path | None, readable: Sequence[Path]
) -> Iterator[subprocess.Popen[bytes]]:
    """The running command. Whatever happens inside the block, none of its group survives it."""
    if bounds.bubblewrap:
        command = wrapped(bounds.bubblewrap, command, folder=folder, readable=readable)
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", _CONFINE, _as_json(bounds), *command],
        cwd=folder or "/",
        env=_ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        # Not yet reaped (`Output` only peeks), so that the number is still this group's.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def _as_json(bounds: Confinement) -> str:
    return json.dumps(
        {
            "parent": os.getpid(),
            "memory_bytes": bounds.memory_bytes,
            "output_bytes": bounds.output_bytes,
            "cpu_seconds": bounds.cpu_seconds,
            "files": bounds.files,
            "niceness": bounds.niceness,
        }
    )


def _spoken(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:g} seconds"
    return f"{round(seconds / 60)} minutes"
