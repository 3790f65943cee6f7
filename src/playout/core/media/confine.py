"""Set the limits of this process, then become another program.

Run as `python -I -S confine.py '<json>' command …`. A threaded server must not run Python between
fork and exec, so the limits are set here, in a fresh single-threaded interpreter. Standard library
only; nothing of Playout can be imported.

The JSON holds `parent` (pid of the server), `niceness`, and limits in bytes, seconds and counts.
"""

import json
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    bounds = json.loads(sys.argv[1])
    command = sys.argv[2:]
    _die_with(bounds["parent"])
    os.nice(bounds["niceness"])
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


def _die_with(parent: int) -> None:
    """Ask the kernel to kill this process when the server goes, however it goes."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # noqa: PLC0415 - not on every platform needed, and slow to load

    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        # The server died before the request was in place.
        os._exit(1)


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
