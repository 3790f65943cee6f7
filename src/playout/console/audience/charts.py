"""Charts as the numbers of an SVG: lines in a box of 1000 by 200, which stretches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from playout.console.audience.measures import Kind, written

WIDTH, HEIGHT = 1000, 200
MOST_INTERVALS = 4
CLOCK_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Chart:
    """The lines of a chart, and what stands at its side, from the top to 0."""

    line: str
    area: str
    before: str
    ticks: list[str]
    rules: list[float]


def chart(
    kind: Kind,
    values: Sequence[float | None],
    before: Sequence[float | None] = (),
    top: float | None = None,
) -> Chart:
    """Return a chart of values at equal distances. A value that is missing leaves a gap."""
    most = top or max((each for each in (*values, *before) if each is not None), default=0)
    step = _step(kind, most)
    count = max(1, ceil(round(most / step, 9)))
    highest = count * step
    return Chart(
        line="".join(_path(run) for run in _runs(values, highest)),
        area="".join(
            f"{_path(run)}V{HEIGHT}H{run[0][0]:.1f}Z" for run in _runs(values, highest) if run[1:]
        ),
        before="".join(_path(run) for run in _runs(before, highest)),
        ticks=[written(kind, step * each) for each in range(count, -1, -1)],
        rules=[HEIGHT * each / count for each in range(count + 1)],
    )


def _step(kind: Kind, most: float) -> float:
    """Return the distance of the rules: a round number, so that few of them reach the top."""
    return next(each for each in _steps(kind) if each * MOST_INTERVALS >= most)


def _steps(kind: Kind) -> Iterator[float]:
    if kind is Kind.CLOCK:
        yield from CLOCK_STEPS
    power = 0.0001 if kind is Kind.SHARE else CLOCK_STEPS[-1] if kind is Kind.CLOCK else 1.0
    factors = (1, 2, 2.5, 5) if kind is Kind.SHARE else (1, 2, 5)
    while True:
        yield from (each * power for each in factors)
        power *= 10


def _runs(
    values: Sequence[float | None], highest: float
) -> Iterator[Sequence[tuple[float, float]]]:
    """Yield the points of values that follow each other without a gap."""
    run: list[tuple[float, float]] = []
    for index, value in enumerate(values):
        if value is not None:
            x = (index + 0.5) / len(values) * WIDTH
            run.append((x, HEIGHT * (1 - value / highest)))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _path(run: Sequence[tuple[float, float]]) -> str:
    """Return the path of a line. One point alone becomes a dot, by its round ends."""
    (x, y), *others = run
    rest = "".join(f"L{x:.1f} {y:.1f}" for x, y in others)
    return f"M{x:.1f} {y:.1f}{rest or 'h0'}"
