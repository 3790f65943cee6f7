"""Run one command in the sandbox, with bounds on its memory, time, output and reach.

Each command is a process group of its own. It dies with the server, and gets no input and almost
no environment. Under bubblewrap it also sees no network and no other process, and no files but the
system's libraries, those that are named `readable`, and the `folder` of the job.
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
from playout.transcode.sandbox.bubblewrap import bubblewrap_command
from playout.transcode.sandbox.output import CommandOutput

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
    """The sandbox of one command: bubblewrap or none, and the command's bounds."""

    bubblewrap: Path | None
    """The path of bubblewrap. None runs the command without it."""
    memory_bytes: int
    output_bytes: int
    """The largest file that the command may write."""
    wall_seconds: float
    cpu_seconds: int
    files: int = 256
    """The number of files that the command may have open at once."""
    niceness: int = 0
    """The command's nice value, 0 to 19: a higher one leaves more of the CPU to others."""


@dataclass(frozen=True)
class CompletedCommand:
    """The return code of a command, and the texts that it wrote, both bounded.

    `returncode` is 128 plus the signal's number if a signal ended the command.
    """

    returncode: int
    stdout: str
    stderr: str


def never_cancelled() -> bool:
    """Return False. This is the `cancelled` of work that nobody can stop."""
    return False


def run(
    command: Sequence[str],
    confinement: Confinement,
    *,
    folder: Path | None = None,
    readable: Sequence[Path] = (),
    on_line: Callable[[str], None] | None = None,
    cancelled: Callable[[], bool] = never_cancelled,
) -> CompletedCommand:
    """Run `command`, whose program is an absolute path, and return how it ended.

    `folder` is its working folder, and the only place where it may write. `readable` are the files
    and folders that it may read or execute; they include the program. `on_line` receives each line
    of standard output as it comes, and `cancelled` is called twice a second. Both run in this
    thread.

    Raise `MediaRejected` if the command takes longer than the confinement allows, `WorkCancelled`
    if `cancelled()` returns True or another process ends the command, `StorageFull` if the disk has
    no room, and `Unavailable` if the command cannot be started. A failure of the command itself
    raises nothing: look at `returncode`.
    """
    with _running(command, confinement, folder, readable) as process:
        output = CommandOutput(process, on_line)
        _read_to_end(output, confinement.wall_seconds, cancelled)
    completed = CompletedCommand(process.returncode, output.stdout(), output.stderr())
    if completed.returncode != 0:
        _raise_for_machine(completed)
    return completed


def _raise_for_machine(failed: CompletedCommand) -> None:
    """Raise an error if the machine made the command fail, and not the command itself."""
    if failed.returncode < 0:
        # A signal ended `confine.py`, not the command: the machine stops all that runs on it.
        raise WorkCancelled
    if "No space left on device" in failed.stderr:
        raise StorageFull("The storage has no room left for this video.")
    if failed.stderr.startswith(("bwrap: ", "confine: ")):
        unavailable = Unavailable("Playout cannot start its video tools at the moment.")
        unavailable.add_note(failed.stderr)
        raise unavailable


def _read_to_end(output: CommandOutput, wall_seconds: float, cancelled: Callable[[], bool]) -> None:
    now = time.monotonic()
    deadline, next_check = now + wall_seconds, now
    while output.step(POLL_SECONDS):
        now = time.monotonic()
        if now > deadline:
            raise MediaRejected(
                "This file takes too long to read or convert: "
                f"Playout stopped after {_duration_text(wall_seconds)}."
            )
        if now >= next_check:
            next_check = now + CANCEL_SECONDS
            if cancelled():
                raise WorkCancelled


def start(
    command: Sequence[str],
    confinement: Confinement,
    *,
    folder: Path | None = None,
    readable: Sequence[Path] = (),
    stdin: int = subprocess.DEVNULL,
    stderr: int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Start `command` as the leader of a process group, and return it.

    The caller kills the group and waits for it. It dies at the end of the thread that starts it.
    """
    if confinement.bubblewrap:
        command = bubblewrap_command(
            confinement.bubblewrap, command, folder=folder, readable=readable
        )
    return subprocess.Popen(
        [sys.executable, "-I", "-S", _CONFINE, _as_json(confinement), *command],
        cwd=folder or "/",
        env=_ENVIRONMENT,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
    )


@contextlib.contextmanager
def _running(
    command: Sequence[str],
    confinement: Confinement,
    folder: Path | None,
    readable: Sequence[Path],
) -> Iterator[subprocess.Popen[bytes]]:
    """Start the command, and end its whole process group when the block is left."""
    process = start(command, confinement, folder=folder, readable=readable)
    try:
        yield process
    finally:
        # The process is not reaped yet (`CommandOutput` only peeks), so the kernel cannot have
        # given its number to another group.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def _as_json(confinement: Confinement) -> str:
    """Return what `confine.py` needs to know."""
    return json.dumps(
        {
            "parent": os.getpid(),
            "memory_bytes": confinement.memory_bytes,
            "output_bytes": confinement.output_bytes,
            "cpu_seconds": confinement.cpu_seconds,
            "files": confinement.files,
            "niceness": confinement.niceness,
        }
    )


def _duration_text(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:g} seconds"
    return f"{round(seconds / 60)} minutes"
