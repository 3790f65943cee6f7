"""The command line of bubblewrap: a file system that holds only what one job needs."""

from collections.abc import Iterable, Sequence
from pathlib import Path

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix")
SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts")


def wrapped(
    bubblewrap: Path,
    command: Sequence[str],
    *,
    folder: Path | None,
    readable: Iterable[Path],
) -> list[str]:
    """`command` inside bubblewrap: no network, no other process, `folder` alone writable.

    It stays in the process group of its caller, to be killed with it; a session of its own
    (`--new-session`) would keep it from the caller's terminal, which has none. Paths inside are
    the same as outside. /proc is left out: nothing here needs it, and many containers do not allow
    it to be mounted.
    """
    line = [str(bubblewrap), "--unshare-all", "--die-with-parent"]
    line += ["--cap-drop", "ALL", "--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108 - its own, empty
    line += _system()
    if folder is not None:
        line += ["--bind", str(folder), str(folder), "--chdir", str(folder)]
    else:
        line += ["--chdir", "/tmp"]  # noqa: S108 - the empty one of the line above
    for path in readable:
        line += ["--ro-bind", str(path), str(path)]
    return [*line, "--", *command]


def _system() -> list[str]:
    line: list[str] = []
    for name in SYSTEM:
        path = Path(name)
        if path.is_symlink():
            line += ["--symlink", str(path.readlink()), name]
        elif path.is_dir():
            line += ["--ro-bind", name, name]
    for name in SETTINGS:
        line += ["--ro-bind-try", name, name]
    return line
