"""How long a start takes, and what an idle server holds."""

import statistics
from pathlib import Path

import psutil

from bench.measure import Result
from bench.site import Server, free_port, postmaster, serving

FIRST = 3
LATER = 5


def starting(folder: Path) -> list[Result]:
    """Seconds from the start of the process to the first 200 on /readyz."""
    first, later = [], []
    for number in range(FIRST):
        with serving(folder / f"empty-{number}", free_port()) as server:
            first.append(server.up_after)
    for _ in range(LATER):
        with serving(folder / "empty-0", free_port()) as server:
            later.append(server.up_after)
    return [
        _starts("first start", first, 4, "on an empty folder, initdb and migrations included"),
        _starts("later start", later, 2, "PostgreSQL started too"),
    ]


def idle_memory(data_dir: Path) -> Result:
    """What the server and its database hold after a start and a few requests."""
    with serving(data_dir, free_port()) as server:
        for path in ("/", "/readyz", "/healthz", "/"):
            server.get(path)
        held, how = _held(_own(server))
        database, _ = _held(_postgres(data_dir))
    detail = f"{how} after a few requests: server {held:.0f} MB, PostgreSQL {database:.0f} MB"
    return Result("idle memory", held + database, 180, "MB", detail)


def _starts(name: str, seconds: list[float], aim: float, what: str) -> Result:
    spread = ", ".join(f"{each:.2f}" for each in sorted(seconds))
    return Result(name, statistics.median(seconds), aim, "s", f"{what}; starts: {spread}")


def _own(server: Server) -> list[psutil.Process]:
    process = psutil.Process(server.pid)
    children = process.children(recursive=True)
    return [process, *(child for child in children if child.name() != "postgres")]


def _postgres(data_dir: Path) -> list[psutil.Process]:
    process = psutil.Process(postmaster(data_dir))
    return [process, *process.children(recursive=True)]


def _held(processes: list[psutil.Process]) -> tuple[float, str]:
    """Megabytes, shared pages in proportion (PSS) where the system tells them."""
    full = [process.memory_full_info() for process in processes]
    if hasattr(full[0], "pss"):
        return sum(each.pss for each in full) / 1e6, "PSS"
    return sum(each.rss for each in full) / 1e6, "RSS"
