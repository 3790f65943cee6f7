"""One core for the server, another one for the database and the client, so that neither takes from
the other. On a machine with one core, and where the system cannot pin, nothing is pinned."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from bench.site import Server

SERVER, OTHERS = {0}, {1}


@contextmanager
def pinned(server: Server, postmaster: int) -> Iterator[None]:
    """Pin a server, its database and the clients that this process starts meanwhile."""
    if not hasattr(os, "sched_setaffinity") or (os.cpu_count() or 1) < 2:
        yield
        return
    before = os.sched_getaffinity(0)
    database = psutil.Process(postmaster)
    for process in (database, *database.children(recursive=True)):
        process.cpu_affinity(list(OTHERS))
    for thread in psutil.Process(server.pid).threads():
        os.sched_setaffinity(thread.id, SERVER)
    os.sched_setaffinity(0, OTHERS)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
