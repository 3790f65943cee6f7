"""Run a command within limits, and end all of its process group when the server goes.

Run as `python -I -S confine.py '<json>' command …`, as the leader of a session. A threaded server
must not run Python between fork and exec, so the limits are set here, in a fresh single-threaded
interpreter. Standard library only; nothing of Playout can be imported.

The command runs in a child. What stays here waits for it, and ends as it did: with its code, or
with 128 and the number of the signal that ended it. It is this process that dies with the server,
and not the command, because bubblewrap starts in steps: killed between two of them, it would leave
the next one behind. A whole group can be killed at any moment.

The JSON holds `parent` (pid of the server), `niceness`, and limits in bytes, seconds and counts.
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
    signal.signal(signal.SIGTERM, _end_group)
    _end_with(bounds["parent"])
    _stand_back(bounds["niceness"])
    child = os.fork()
    if child == 0:
        _become(command, bounds)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _end_group(*_: object) -> None:
    os.killpg(0, signal.SIGKILL)


def _end_with(parent: int) -> None:
    """Ask the kernel for SIGTERM when the server goes, however it goes."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # noqa: PLC0415 - not on every platform needed, and slow to load

    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        # The server died before the request was in place.
        os._exit(1)


def _stand_back(niceness: int) -> None:
    """Be nice to other programs, and have the whole session be: Linux may weigh sessions first."""
    os.nice(niceness)
    try:
        with open("/proc/self/autogroup", "w") as group:  # noqa: PTH123 - which is slow to load
            group.write(str(niceness))
    except OSError:
        return  # this kernel weighs programs, or groups that somebody else has made


def _become(command: list[str], bounds: Mapping[str, int]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, bounds["cpu_seconds"])
    _limit(resource.RLIMIT_FSIZE, bounds["output_bytes"])
    _limit(resource.RLIMIT_NOFILE, bounds["files"])
    _limit(resource.RLIMIT_AS, bounds["memory_bytes"])
    # Past RLIMIT_FSIZE a write shall fail with EFBIG, which the program reports, not kill it.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        os.execv(command[0], command)  # noqa: S606 - becoming the command is the purpose
    except OSError as error:
        raise SystemExit(f"confine: {command[0]} cannot be started: {error}") from error


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(what, (value, value))
    except (ValueError, OSError) as error:
        # macOS knows RLIMIT_AS but refuses to set it.
        if sys.platform.startswith("linux"):
            raise SystemExit(f"confine: limit {what} cannot be set: {error}") from error


main()
