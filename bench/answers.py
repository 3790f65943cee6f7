"""Answers of the Videos API, beside an endpoint of the same application that answers a constant."""

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from bench import constant
from bench.lists import fill
from bench.measure import Rates, Result, by_turns, in_process
from bench.pinning import pinned
from bench.site import Server, answering, found_organization, free_port, get, post, postmaster

VIDEOS = 1_000
ROUNDS = 5
EACH = 400
WARMUP = 60
MANY = 16
numbers = count()
Requests = Iterator[bytes]


def answers(data_dir: Path) -> list[Result]:
    """Everything is asked from one server, by turns with its constant."""
    key, project = found_organization(data_dir, "Answers")
    ids = fill(data_dir, project, VIDEOS)
    port, log = free_port(), data_dir.with_suffix(".log")
    arguments = ["bench.constant", "serve", "--data-dir", str(data_dir), "--port", str(port)]
    with (
        answering(arguments, port, "/readyz", log) as server,
        pinned(server, postmaster(data_dir)),
    ):
        return [*_reads(server, key, ids), *_writes(server, key, ids)]


def _reads(server: Server, key: str, ids: list[int]) -> list[Result]:
    def details() -> Requests:
        # An address that nobody asked for is answered from the database.
        return (get(f"/api/v1/videos/{ids[n % len(ids)]}/?n={n}", key) for n in numbers)

    def lists() -> Requests:
        return (get(f"/api/v1/videos/?n={n}", key) for n in numbers)

    def kept() -> Requests:
        return (get(f"/api/v1/videos/{ids[0]}/", key) for _ in numbers)

    aims = (
        ("detail", details, 0.5),
        ("list of 20", lists, 0.25),
        ("detail from memory", kept, 0.85),
    )
    results = [
        _beside_constant(server, key, name, requests, aim, connections)
        for name, requests, aim in aims
        for connections in (1, MANY)
    ]
    slowest = min(_seconds(server, details(), MANY, percentile=0.99) for _ in range(ROUNDS))
    detail = f"of {EACH} answers at {MANY} connections; the best of {ROUNDS} rounds; {load()}"
    return [*results, Result("detail, p99", slowest, 0.04, "s", detail)]


def _beside_constant(
    server: Server,
    key: str,
    name: str,
    requests: Callable[[], Requests],
    aim: float,
    connections: int,
) -> Result:
    bare = (get(constant.PATH, key) for _ in numbers)
    rates = by_turns(
        ROUNDS,
        lambda _: EACH / _seconds(server, requests(), connections),
        lambda _: EACH / _seconds(server, bare, connections),
    )
    return _result(f"{name}, {connections} at once", rates, aim, "a constant of the same app")


def _writes(server: Server, key: str, ids: list[int]) -> list[Result]:
    drafts = iter(ids)

    def patches() -> Requests:
        return (
            post(f"/api/v1/videos/{ids[n % len(ids)]}/", key, {"title": f"T {n}"}, "PATCH")
            for n in numbers
        )

    def publishes() -> Requests:
        return (post(f"/api/v1/videos/{id}/publish/", key, {}) for id in drafts)

    each = (len(ids) - ROUNDS * 20) // ROUNDS
    rates = by_turns(
        ROUNDS,
        lambda _: each / _seconds(server, patches(), 1, each, 20),
        lambda _: each / _seconds(server, publishes(), 1, each, 20),
    )
    return [_result("PATCH", rates, 1.0, "publishing", each)]


def _result(name: str, rates: Rates, aim: float, beside: str, each: int = EACH) -> Result:
    detail = f"{rates.told()}: beside {beside}, {ROUNDS} rounds of {each}; {load()}"
    return Result(name, rates.ratio, aim, "×", detail)


def _seconds(
    server: Server,
    requests: Requests,
    connections: int,
    each: int = EACH,
    warmup: int = WARMUP,
    percentile: float | None = None,
) -> float:
    work = [next(requests) for _ in range(warmup + each)]
    task = {"port": server.port, "connections": connections, "percentile": percentile}
    return in_process("bench.load", task | {"warmup": work[:warmup], "requests": work[warmup:]})


def load() -> str:
    """The machine's load, which explains figures that differ from one run to another."""
    return f"load {os.getloadavg()[0]:.1f}"
