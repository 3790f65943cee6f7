"""The command line of bubblewrap: a file system that holds only what one job needs."""

from collections.abc import Iterable, Sequence
from pathlib import Path

SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix")
SYSTEM_SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts")


def bubblewrap_command(
    bubblewrap: Path,
    command: Sequence[str],
    *,
    folder: Path | None,
    readable: Iterable[Path],
) -> list[str]:
    """Return `command` as bubblewrap runs it: without network, and with `folder` alone writable.

    The command stays in the process group of its caller, so that it is killed with it. A session of
    its own (`--new-session`) would protect the caller's terminal, but the caller has none. Paths
    inside are the same as outside. /proc is left out: no command needs it, and many containers do
    not allow it to be mounted.
    """
    options = [str(bubblewrap), "--unshare-all", "--die-with-parent"]
    options += ["--cap-drop", "ALL", "--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108 - empty, its own
    options += _system_options()
    if folder is not None:
        options += ["--bind", str(folder), str(folder), "--chdir", str(folder)]
    else:
        options += ["--chdir", "/tmp"]  # noqa: S108 - the empty one of the line above
    for path in readable:
        options += ["--ro-bind", str(path), str(path)]
    return [*options, "--", *command]


def _system_options() -> list[str]:
    options: list[str] = []
    for name in SYSTEM_FOLDERS:
        path = Path(name)
        if path.is_symlink():
            options += ["--symlink", str(path.readlink()), name]
        elif path.is_dir():
            options += ["--ro-bind", name, name]
    for name in SYSTEM_SETTINGS:
        options += ["--ro-bind-try", name, name]
    return options
