"""A batch of a hundred productions, beside a hundred requests with one each."""

from itertools import count
from pathlib import Path

from bench.measure import Result, by_turns, in_process
from bench.site import Server, found_organization, post

SIZE = 100
ROUNDS = 5
AIM = 15
numbers = count()


def batches(server: Server, data_dir: Path) -> Result:
    """Productions a second both ways."""
    key, _ = found_organization(data_dir, "Batches")

    def rate(size: int) -> float:
        warmup, requests = ([_entering(key, size) for _ in range(SIZE // size)] for _ in range(2))
        task = {"port": server.port, "connections": 1}
        return SIZE / in_process("bench.load", task | {"warmup": warmup, "requests": requests})

    rates = by_turns(ROUNDS, lambda _: rate(SIZE), lambda _: rate(1))
    detail = f"{rates.told()}: productions, {SIZE} in a batch beside one by one, {ROUNDS} rounds"
    return Result(f"batch of {SIZE}", rates.ratio, AIM, "×", detail)


def _entering(key: str, size: int) -> bytes:
    return post("/productions", key, [{"name": f"Entered {next(numbers)}"} for _ in range(size)])
