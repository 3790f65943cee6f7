"""The chart of a measure over time, with the period before, and its numbers as a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from playout.console.audience.charts import Chart, chart
from playout.console.audience.measures import Measure, written
from playout.console.audience.span import weeks
from playout.console.formats import human_day
from playout.core.analytics.reading import Numbers
from playout.core.analytics.spans import Interval, Span

LABELS = 5
"""Labels below a chart, if it has as many parts."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the time: what its numbers are, and what they were before."""

    name: str
    value: str
    name_before: str
    before: str
    label: str
    """The text below the chart at this part; "" for most of them."""


@dataclass(frozen=True, slots=True)
class Series:
    """A measure over time."""

    chart: Chart
    parts: list[Part]
    highest: Part | None


def series(
    measure: Measure,
    span: Span,
    now: Mapping[datetime, Numbers],
    before: Mapping[datetime, Numbers],
) -> Series:
    """Return the chart of a measure in a span and in the period before."""
    size = weeks(list(now))
    parts, parts_before = list(_grouped(now, size)), list(_grouped(before, size))
    values = [measure.of(numbers) for _, numbers in parts]
    # A clock that changes makes one of the periods an hour longer.
    values_before = [measure.of(numbers) for _, numbers in parts_before][: len(parts)]
    values_before += [None] * (len(parts) - len(values_before))
    starts_before = [at for at, _ in parts_before] + [span.before.end] * len(parts)
    labelled = _labelled(len(parts))
    told = [
        Part(
            _name(at, span, size),
            written(measure.kind, value),
            _name(at_before, span, size),
            written(measure.kind, value_before),
            _label(at, span) if index in labelled else "",
        )
        for index, ((at, _), at_before, value, value_before) in enumerate(
            zip(parts, starts_before, values, values_before, strict=False)
        )
    ]
    most = max((each for each in values if each is not None), default=None)
    highest = told[values.index(most)] if most else None
    return Series(chart(measure.kind, values, values_before), told, highest)


def _grouped(parts: Mapping[datetime, Numbers], size: int) -> Iterator[tuple[datetime, Numbers]]:
    """Yield the numbers of so many parts at a time."""
    starts = list(parts)
    for index in range(0, len(starts), size):
        group = starts[index : index + size]
        numbers: Numbers = Numbers()
        for each in group:
            numbers.update(parts[each])
        yield group[0], numbers


def _labelled(count: int) -> set[int]:
    if count <= LABELS:
        return set(range(count))
    return {round(each * (count - 1) / (LABELS - 1)) for each in range(LABELS)}


def _name(at: datetime, span: Span, size: int) -> str:
    local = at.astimezone(span.zone)
    day = human_day(local.date(), "weekday")
    if span.interval is Interval.HOUR:
        return f"{day}, {local:%H:%M}"
    if size > 1:
        last = min(local.date() + timedelta(size - 1), span.last)
        return f"{human_day(local.date(), 'short')} – {human_day(last)}"
    return day


def _label(at: datetime, span: Span) -> str:
    local = at.astimezone(span.zone)
    is_hour = span.interval is Interval.HOUR and span.first == span.last
    return f"{local:%H:%M}" if is_hour else human_day(local.date(), "short")


def spark(measure: Measure, now: Sequence[Numbers]) -> str:
    """Return the small line of a measure."""
    return chart(measure.kind, [measure.of(each) for each in now]).line
