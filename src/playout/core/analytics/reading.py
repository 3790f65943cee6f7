"""Reading counts: kept ones of days that are counted, and others counted on the spot."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from playout.core.analytics.counting import COUNTS_OF_SUBJECT, SECONDS_OF_SUBJECT
from playout.core.analytics.model import MEASURES, ROLLED_DAYS
from playout.core.analytics.spans import Span
from playout.core.analytics.writing import days_with_events, start_of

Numbers = Counter[str]
"""The measures by their names."""

SUMS = ", ".join(f"sum({name})::bigint AS {name}" for name in MEASURES)
WHOLE = "(whole_day AND at >= :whole_start AND at < :whole_end)"
EDGES = (
    "(NOT whole_day AND (at >= :start AND at < least(:whole_start, :end)"
    " OR at >= greatest(:whole_end, :start) AND at < :end))"
)
# A day may become counted between two statements of one question.
KEPT = "(at AT TIME ZONE 'UTC')::date <> ALL(:uncounted)"
SPAN = f"({WHOLE} OR {EDGES}) AND {KEPT}"
# PostgreSQL adds up: 90 days have more than 8,000 quarters of an hour.
PARTS = text(
    "SELECT width_bucket(at, CAST(:beginnings AS timestamptz[])) AS part,"
    f" {SUMS} FROM analytics_counts"
    " WHERE subject = :subject AND NOT whole_day AND dimension = '' AND at >= :start AND at < :end"
    f" AND {KEPT} GROUP BY part"
)
TOTALS = text(
    f"SELECT {SUMS} FROM analytics_counts"
    f" WHERE subject = :subject AND dimension = '' AND {SPAN} HAVING count(*) > 0"
)
DIVIDED = text(
    f"SELECT dimension, value, {SUMS} FROM analytics_counts"
    f" WHERE subject = :subject AND dimension <> '' AND {SPAN} GROUP BY dimension, value"
)
SECONDS = text(
    "SELECT second, sum(viewers)::bigint, sum(plays)::bigint FROM ("
    "SELECT unnest(seconds) AS second, unnest(viewers) AS viewers, unnest(plays) AS plays"
    f" FROM analytics_seconds WHERE subject = :subject AND {SPAN}) AS change GROUP BY second"
)


class Reader:
    """The counts of one subject. Days that are not counted are counted once, for all questions."""

    def __init__(self, session: Session, subject: str) -> None:
        self._session = session
        self._subject = subject
        self._counted: dict[date, list[Mapping[str, Any]]] = {}
        self._events = days_with_events(session)
        self._rolled = set(
            session.scalars(select(ROLLED_DAYS.c.day).where(ROLLED_DAYS.c.day.in_(self._events)))
        )

    def totals(self, span: Span) -> Numbers:
        """Return the sums of a span."""
        rows = self._session.execute(TOTALS, self._values(span)).mappings().all()
        numbers: Numbers = Counter()
        for row in (*rows, *self._on_the_spot(span)):
            numbers.update(_numbers(row))
        return numbers

    def series(self, span: Span) -> dict[datetime, Numbers]:
        """Return the numbers of each part of a span, by its beginning."""
        beginnings = list(span.parts())
        parts: dict[datetime, Numbers] = {part: Counter() for part in beginnings}
        values = self._values(span) | {"beginnings": beginnings}
        for row in self._session.execute(PARTS, values).mappings():
            parts[beginnings[row["part"] - 1]].update(_numbers(row))
        for quarter in self._on_the_spot(span):
            part = beginnings[bisect_right(beginnings, quarter["at"]) - 1]
            parts[part].update(_numbers(quarter))
        return parts

    def divided(self, span: Span) -> dict[str, dict[str, Numbers]]:
        """Return the numbers by dimension and value."""
        rows = self._session.execute(DIVIDED, self._values(span)).mappings()
        found: dict[str, dict[str, Numbers]] = defaultdict(lambda: defaultdict(Counter))
        for row in (*rows, *self._on_the_spot(span, divided=True)):
            found[row["dimension"]][row["value"]].update(_numbers(row))
        return found

    def retention(self, span: Span) -> list[tuple[int, int]]:
        """Return of each second how many pages saw it, and how often it was played."""
        viewers, plays = Counter[int](), Counter[int]()
        for second, more_viewers, more_plays in (
            *self._session.execute(SECONDS, self._values(span)),
            *self._changes_on_the_spot(span),
        ):
            viewers[second] += more_viewers
            plays[second] += more_plays
        seconds = range(max(plays, default=0))
        return list(
            zip(
                accumulate(viewers[each] for each in seconds),
                accumulate(plays[each] for each in seconds),
                strict=True,
            )
        )

    def _values(self, span: Span) -> dict[str, Any]:
        whole_start, whole_end = span.whole_days
        return {
            "subject": self._subject,
            "start": span.start,
            "end": span.end,
            "whole_start": whole_start,
            "whole_end": whole_end,
            "uncounted": list(self._uncounted(span)),
        }

    def _uncounted(self, span: Span) -> Iterator[date]:
        first, last = span.utc_days
        return (each for each in self._events if first <= each <= last and each not in self._rolled)

    def _on_the_spot(self, span: Span, *, divided: bool = False) -> Iterator[Mapping[str, Any]]:
        """Yield the quarters of a span that are counted now, divided by dimensions or not."""
        for day in self._uncounted(span):
            if day not in self._counted:
                rows = self._run(COUNTS_OF_SUBJECT, day)
                self._counted[day] = [row for row in rows if not row["whole_day"]]
            for row in self._counted[day]:
                if span.start <= row["at"] < span.end and bool(row["dimension"]) is divided:
                    yield row

    def _changes_on_the_spot(self, span: Span) -> Iterator[tuple[int, int, int]]:
        for day in self._uncounted(span):
            for row in self._run(SECONDS_OF_SUBJECT, day):
                if not row["whole_day"] and span.start <= row["at"] < span.end:
                    yield from zip(row["seconds"], row["viewers"], row["plays"], strict=True)

    def _run(self, statement: str, day: date) -> list[Mapping[str, Any]]:
        values = {
            "subject": self._subject,
            "start": start_of(day),
            "end": start_of(day + timedelta(1)),
        }
        return [dict(row) for row in self._session.execute(text(statement), values).mappings()]


def _numbers(row: Any) -> dict[str, int]:
    return {name: row[name] for name in MEASURES}
