"""One core for the server, another one for the database and the client, so that neither takes from
the other. Where only one core may be used, and where the system cannot pin, nothing is pinned."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from bench.site import Server


@contextmanager
def pinned(server: Server, postmaster: int) -> Iterator[None]:
    """Pin a server, its database and the clients that this process starts meanwhile."""
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if len(before) < 2:
        yield
        return
    ours, theirs = sorted(before)[:2]
    database = psutil.Process(postmaster)
    for process in (database, *database.children(recursive=True)):
        process.cpu_affinity([theirs])
    for thread in psutil.Process(server.pid).threads():
        os.sched_setaffinity(thread.id, {ours})
    os.sched_setaffinity(0, {theirs})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
