"""What a measurement comes to, and how the two sides of one are run by turns."""

import pickle
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """One line of the table.

    `ratio` is our throughput over the bare one's ("×"), or a plain measurement in `unit`. It
    should be at least `aim` for "×", at most `aim` for seconds; None where there is no aim.
    """

    name: str
    ratio: float
    aim: float | None
    unit: str
    detail: str

    @property
    def met(self) -> bool | None:
        if self.aim is None:
            return None
        return self.ratio >= self.aim if self.unit == "×" else self.ratio <= self.aim


@dataclass(frozen=True)
class Rates:
    """Operations a second of both sides, round by round."""

    ours: list[float]
    bare: list[float]

    @property
    def ratio(self) -> float:
        """Median of the rounds' ratios: a slow moment of the machine hits one round, both sides."""
        pairs = zip(self.ours, self.bare, strict=True)
        return statistics.median(ours / bare for ours, bare in pairs)

    def told(self) -> str:
        ours, bare = statistics.median(self.ours), statistics.median(self.bare)
        return f"{ours:.0f}/s beside {bare:.0f}/s"


def by_turns(rounds: int, ours: Callable[[int], float], bare: Callable[[int], float]) -> Rates:
    """Run both sides A, B, A, B; each takes the number of the round and returns its rate."""
    rates = Rates([], [])
    for number in range(rounds):
        rates.ours.append(ours(number))
        rates.bare.append(bare(number))
    return rates


def in_process(module: str, task: dict[str, Any]) -> float:
    """Run a module with a task on its standard input; return the seconds that it prints.

    A process of its own, so that the side that makes the load shares no interpreter with ours.
    """
    done = subprocess.run(
        [sys.executable, "-m", module], input=pickle.dumps(task), capture_output=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{module}: {done.stderr.decode()}")
    return float(done.stdout)
