"""Serving segments, beside nginx on the same file."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from bench.front import has_nginx, nginx
from bench.measure import Result, by_turns, in_process
from bench.site import Server, free_port, ranged, serving

ROUNDS = 3
EACH = 2_000
WARMUP = 100
CONNECTIONS = 8
SEGMENT = 1_000_000
ACCEL = {"PLAYOUT_ACCEL_REDIRECT": "/playout-files"}


def segments(server: Server, data_dir: Path, folder: Path, address: str) -> list[Result]:
    """By Playout itself, and by nginx for which Playout decides; nothing where nginx is missing."""
    if not has_nginx():
        return []
    path, files = urlsplit(address).path, data_dir / "files"
    size = (files / path[1:]).stat().st_size
    with (
        serving(data_dir, free_port(), **ACCEL) as behind,
        nginx(files, behind.port, folder / "nginx") as (alone, front),
    ):
        bare = _rate(alone, path, size)
        return [
            _result("segments", 0.25, "by Playout itself", _rate(server.port, path, size), bare),
            _result(
                "segments behind nginx", 0.8, "X-Accel-Redirect", _rate(front, path, size), bare
            ),
        ]


def _rate(port: int, path: str, size: int) -> Callable[[int], float]:
    """Takes the number of a round; requests a second for one segment after the other."""
    starts = range(0, size - SEGMENT, SEGMENT)

    def cut(count: int) -> list[bytes]:
        asked = [ranged(path, start, start + SEGMENT - 1) for start in starts]
        return [asked[number % len(asked)] for number in range(count)]

    def rate(_: int) -> float:
        task = {"port": port, "connections": CONNECTIONS}
        return EACH / in_process(
            "bench.load", task | {"warmup": cut(WARMUP), "requests": cut(EACH)}
        )

    return rate


def _result(
    name: str,
    aim: float,
    how: str,
    ours: Callable[[int], float],
    bare: Callable[[int], float],
) -> Result:
    rates = by_turns(ROUNDS, ours, bare)
    detail = (
        f"{rates.told()}: {how}, beside nginx on the same file, {CONNECTIONS} connections,"
        f" ranges of {SEGMENT // 1000} kB, {ROUNDS} rounds of {EACH}"
    )
    return Result(name, rates.ratio, aim, "×", detail)
