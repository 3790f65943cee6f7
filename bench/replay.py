"""The same statements by psycopg alone, in threads as the server's: the least that it could cost.

Run as a module: a pickled `{"url", "connections", "warmup": [script], "scripts": [script]}` on
standard input; the seconds that `scripts` took on standard output.
"""

import pickle
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg

from bench.record import COMMIT, Statement

Script = list[Statement]


def run(url: str, connections: int, warmup: list[Script], scripts: list[Script]) -> float:
    """Seconds that the scripts took, after a warm-up in which statements get prepared."""
    with ExitStack() as stack:
        opened = [stack.enter_context(psycopg.connect(url)) for _ in range(connections)]
        _through(opened, warmup)
        started = time.perf_counter()
        _through(opened, scripts)
        return time.perf_counter() - started


def _through(connections: list[psycopg.Connection[Any]], scripts: list[Script]) -> None:
    shared = iter(scripts)
    threads = [threading.Thread(target=_work_off, args=(each, shared)) for each in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if next(shared, None) is not None:
        raise RuntimeError("A connection failed before the work was done.")


def _work_off(connection: psycopg.Connection[Any], scripts: Iterator[Script]) -> None:
    for script in scripts:
        # What only reads commits statement by statement, as it does in the server.
        connection.autocommit = COMMIT not in script
        for statement in script:
            if statement == COMMIT:
                connection.commit()
                continue
            with connection.cursor() as cursor:
                cursor.execute(*statement)
                if cursor.description:
                    cursor.fetchall()


if __name__ == "__main__":
    print(run(**pickle.load(sys.stdin.buffer)))
