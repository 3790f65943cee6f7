"""Run a command within limits, and end its whole process group when the server ends.

Usage: `python -I -S confine.py '<json>' command …`, as the leader of a session. The JSON holds
`parent` (pid of the server), `niceness`, and limits in bytes, seconds and counts.

A threaded server must not run Python code between fork and exec. The limits are therefore set here,
in a fresh interpreter with a single thread. This file uses the standard library alone: nothing of
Playout can be imported.

The command runs in a child process. The parent process waits for it and ends as it did: with its
return code, or with 128 plus the number of the signal that ended it. The parent, and not the
command, dies with the server, because bubblewrap starts in steps: if it were killed between two of
them, the process of the next step would stay behind. A whole process group can be killed at any
moment.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Mapping

PR_SET_PDEATHSIG = 1


def main() -> None:
    bounds = json.loads(sys.argv[1])
    command = sys.argv[2:]
    signal.signal(signal.SIGTERM, _kill_group)
    _end_with(bounds["parent"])
    _lower_priority(bounds["niceness"])
    child = os.fork()
    if child == 0:
        _exec(command, bounds)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _kill_group(*_: object) -> None:
    os.killpg(0, signal.SIGKILL)


def _end_with(parent: int) -> None:
    """Ask the kernel to send SIGTERM when the server ends, however it ends."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # noqa: PLC0415 - slow to load, and not needed on every platform

    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        # The server died before the kernel was asked.
        os._exit(1)


def _lower_priority(niceness: int) -> None:
    """Set the nice value of this process and of its session; Linux may compare sessions first."""
    os.nice(niceness)
    try:
        with open("/proc/self/autogroup", "w") as group:  # noqa: PTH123 - pathlib is slow to load
            group.write(str(niceness))
    except OSError:
        return  # this kernel compares single processes, or groups that another program made


def _exec(command: list[str], bounds: Mapping[str, int]) -> None:
    """Set the limits and become the command."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, bounds["cpu_seconds"])
    _limit(resource.RLIMIT_FSIZE, bounds["output_bytes"])
    _limit(resource.RLIMIT_NOFILE, bounds["files"])
    _limit(resource.RLIMIT_AS, bounds["memory_bytes"])
    # A write past RLIMIT_FSIZE then fails with EFBIG, which the program reports. Otherwise the
    # signal would kill the program.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        os.execv(command[0], command)  # noqa: S606 - becoming the command is the purpose
    except OSError as error:
        raise SystemExit(f"confine: {command[0]} cannot be started: {error}") from error


def _limit(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(which, (value, value))
    except (ValueError, OSError) as error:
        # macOS knows RLIMIT_AS but refuses to set it.
        if sys.platform.startswith("linux"):
            raise SystemExit(f"confine: limit {which} cannot be set: {error}") from error


main()
