"""Made up viewings, as rows of events, and an oracle that counts them without the database."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from sqlalchemy import text

from playout.core.analytics.events import Kind
from playout.core.analytics.jobs import LIMITS
from playout.core.analytics.writing import Row, create_partition, start_of, write_rows
from playout.kit.database.engine import Database

LENGTH_MS = 60_000
COUNTRIES = ("DE", "NP", "US", "")
DEVICES = ("phone", "computer", "tv")
SITES = ("", "news.example", "blog.example")
RENDITIONS = ("360p", "720p", None)


@dataclass
class Viewing:
    """One loaded page: its rows, and what they say of it."""

    at: datetime
    subjects: Sequence[str]
    view: int
    visitor: int
    rows: list[Row] = field(default_factory=list)

    def add(self, kind: Kind, seconds: float, **said: object) -> None:
        """Add an event that came so many seconds after the page."""
        of_page = {"country": "", "device": "computer", "referrer": "", "site": ""}
        fields = {"rendition": None, "from_ms": None, "to_ms": None, "ms": None} | said
        row = {**of_page, **fields}
        at = self.at + timedelta(seconds=seconds)
        self.rows.append(Row(at, list(self.subjects), self.view, self.visitor, kind, **row))


def made_up(
    day: date, number: int, subjects: Sequence[Sequence[str]], seed: int
) -> Iterator[Viewing]:
    """Yield viewings at random times of a day. Each is of one of the subjects."""
    random_ = random.Random(seed)
    places = [
        {
            "country": random_.choice(COUNTRIES),
            "device": random_.choice(DEVICES),
        }
        for _ in range(number // 2 + 1)
    ]
    for index in range(number):
        visitor = random_.randrange(len(places))
        page = {**places[visitor], "referrer": random_.choice(SITES), "site": ""}
        at = start_of(day) + timedelta(seconds=random_.uniform(0, 86_000))
        viewing = Viewing(at, random_.choice(subjects), seed * 10**9 + index, visitor)
        viewing.add(Kind.VIEW, 0, **page)
        if random_.random() < 0.8:
            _play(viewing, random_, page)
        if random_.random() < 0.1:
            viewing.add(Kind.CTA, random_.uniform(1, 60), **page)
        if random_.random() < 0.02:
            viewing.add(Kind.ERROR, 1, **page)
        yield viewing


def _play(viewing: Viewing, random_: random.Random, page: dict[str, str]) -> None:
    viewing.add(Kind.PLAY, 1, **page)
    viewing.add(Kind.START, 1.2, ms=random_.randrange(50, 3000), **page)
    for _ in range(random_.randrange(1, 5)):
        start = random_.randrange(0, LENGTH_MS - 1000)
        end = random_.randrange(start + 1, LENGTH_MS)
        rendition = random_.choice(RENDITIONS)
        said = {"from_ms": start, "to_ms": end, "rendition": rendition}
        viewing.add(Kind.WATCH, random_.uniform(2, 100), **said, **page)
    if random_.random() < 0.5:
        viewing.add(Kind.COMPLETE, 101, **page)
    if random_.random() < 0.2:
        viewing.add(Kind.WAIT, 50, ms=random_.randrange(100, 5000), **page)


def store(database: Database, viewings: Iterable[Viewing]) -> int:
    """Store the events of viewings; return their number."""
    rows = sorted(row for each in viewings for row in each.rows)
    # At once: a job counts a day as soon as there is a partition of it.
    with database.write_session() as session:
        for limit in LIMITS:
            session.execute(text(limit))
        for day in {row.at.date() for row in rows}:
            create_partition(session, day)
        write_rows(session, rows)
    return len(rows)


class Oracle:
    """The numbers of viewings between two moments, counted the slow way."""

    def __init__(
        self, viewings: Iterable[Viewing], subject: str, start: datetime, end: datetime
    ) -> None:
        mine = [each for each in viewings if subject in each.subjects]
        self.viewings = [each for each in mine if start <= _quarter(each.at) < end]
        first: dict[tuple[date, int], Viewing] = {}
        for each in sorted(mine, key=lambda each: (each.at, each.view)):
            first.setdefault((each.at.date(), each.visitor), each)
        chosen = {id(each) for each in self.viewings}
        self.visitors = sum(id(each) in chosen for each in first.values())

    @property
    def totals(self) -> dict[str, int]:
        """The numbers by their names in the tables."""
        numbers: Counter[str] = Counter()
        names = {
            Kind.VIEW: "views",
            Kind.PLAY: "plays",
            Kind.COMPLETE: "completes",
            Kind.CTA: "cta_clicks",
            Kind.ERROR: "failures",
            Kind.START: "starts",
        }
        for viewing in self.viewings:
            for kind in {row.kind for row in viewing.rows} & names.keys():
                numbers[names[kind]] += 1
            for row in viewing.rows:
                if row.kind is Kind.WATCH:
                    numbers["watched_ms"] += row.to_ms - row.from_ms
                elif row.kind in {Kind.START, Kind.WAIT}:
                    numbers["start_ms" if row.kind is Kind.START else "waited_ms"] += row.ms
        return dict(numbers) | {"visitors": self.visitors}

    def views_by(self, dimension: str) -> dict[str, int]:
        """The number of pages by what they have in a dimension."""
        values = (getattr(each.rows[0], dimension) for each in self.viewings)
        return {value: len(list(same)) for value, same in groupby(sorted(values))}

    @property
    def seconds(self) -> tuple[dict[int, int], dict[int, int]]:
        """How many saw each second, and how often it was played."""
        viewers: dict[int, int] = defaultdict(int)
        plays: dict[int, int] = defaultdict(int)
        for viewing in self.viewings:
            seen = [
                second
                for row in viewing.rows
                if row.kind is Kind.WATCH
                for second in range(LENGTH_MS // 1000 + 1)
                if row.from_ms <= second * 1000 + 500 < row.to_ms
            ]
            for second in seen:
                plays[second] += 1
            for second in set(seen):
                viewers[second] += 1
        return dict(viewers), dict(plays)


def _quarter(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
