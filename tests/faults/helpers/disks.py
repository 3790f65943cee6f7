"""Small disks: a server in a mount namespace of its own, where one of its folders is a tmpfs.

Everything goes with the namespace, so that nothing stays mounted, whatever happens to the tests.
"""

import contextlib
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.helpers.live import Live, serving

FILLER = "filler"
MIB = 1024**2

NOISY = {"size": "640x360", "sound": False, "filters": "noise=alls=100:allf=t"}
"""For clips: noise does not compress."""


def _namespace() -> list[str]:
    # Whoever is not root is it in a user namespace, as far as mounting goes.
    as_root = [] if os.geteuid() == 0 else ["--map-current-user", "--keep-caps"]
    return ["unshare", "--mount", "--propagation", "private", *as_root]


def can_mount() -> bool:
    """Whether this machine lets us have a small disk."""
    trial = [*_namespace(), "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"]
    try:
        return subprocess.run(trial, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def small_disk(folder: Path, mebibytes: int, full: int = 0) -> Sequence[str]:
    """What a server has to be wrapped in, so that this folder is a disk of its own.

    `full` of its mebibytes are taken by a filler, which `make_room` removes.
    """
    script = (
        f'mkdir -p "$0" && mount -t tmpfs -o size={mebibytes}m,mode=755 tmpfs "$0"'
        f' && head -c {full}m /dev/zero > "$0/{FILLER}" && exec "$@"'
    )
    return [*_namespace(), "sh", "-c", script, str(folder)]


@contextlib.contextmanager
def on_small_disk(place: Path, name: str, mebibytes: int, full: int = 0) -> Iterator[Live]:
    """A server on a new data folder, in which the folder of that name is the small disk."""
    disk = place / "data" / name
    with serving(
        place,
        wrapped_in=small_disk(disk, mebibytes, full),
        ready_at="/healthz",  # with so little room it says itself that it is not well
        settings={"PLAYOUT_OUTBOUND_ALLOW": "127.0.0.0/8"},
    ) as live:
        yield live


def inside(live: Live, name: str) -> Path:
    """A folder of the data, as the server sees it."""
    return Path(f"/proc/{live.pid}/root{live.data_dir}/{name}")


def make_room(live: Live, name: str) -> None:
    """Remove the filler from the disk."""
    (inside(live, name) / FILLER).unlink()


def left_on(live: Live, name: str) -> list[Path]:
    """The files on the disk, but for the filler."""
    everything = inside(live, name).rglob("*")
    return [path for path in everything if path.is_file() and path.name != FILLER]


needs_mounts = pytest.mark.skipif(
    not can_mount(), reason="needs mount namespaces: root, or unprivileged user namespaces"
)
