"""Counts and retention of days that are over, beside an oracle that counts by itself."""

from datetime import date, timedelta
from itertools import accumulate

import pytest
from sqlalchemy import select

from playout.core.analytics.jobs import count_day
from playout.core.analytics.model import COUNTS, MEASURES, SALTS, SECONDS
from playout.core.analytics.visitors import Salts, destroy_salts, visitor_hash
from playout.core.analytics.writing import days_with_events, drop_partitions, start_of
from tests.core.analytics.helpers.viewings import Oracle, made_up, store

DAY = date(2019, 5, 6)
VIDEO, SHARE, PROJECT = "video:-1", "share:-1:PROD", "project:-1"


@pytest.fixture(scope="module")
def counted(runtime):
    """The viewings of a day that is counted."""
    subjects = [(VIDEO, PROJECT), (VIDEO, PROJECT, SHARE)]
    viewings = list(made_up(DAY, 400, subjects, 1))
    store(runtime.database, viewings)
    for _ in range(2):  # to count a day again changes nothing
        with runtime.database.write_session() as session:
            count_day(session, DAY)
    return viewings


def rows(runtime, table, **wanted):
    conditions = [table.c[name] == value for name, value in wanted.items()]
    with runtime.database.read_session() as session:
        return session.execute(select(table).where(*conditions)).mappings().all()


def oracle(viewings, subject):
    return Oracle(viewings, subject, start_of(DAY), start_of(DAY + timedelta(1)))


class TestCounts:
    @pytest.mark.parametrize("subject", [VIDEO, SHARE, PROJECT])
    def test_of_a_day_are_those_of_the_oracle(self, runtime, counted, subject):
        (row,) = rows(runtime, COUNTS, subject=subject, whole_day=True, dimension="")
        assert {name: row[name] for name in MEASURES} == oracle(counted, subject).totals

    def test_of_quarters_add_up_to_those_of_the_day(self, runtime, counted):
        quarters = rows(runtime, COUNTS, subject=VIDEO, whole_day=False, dimension="")
        assert len(quarters) > 90
        sums = {name: sum(each[name] for each in quarters) for name in MEASURES}
        assert sums == oracle(counted, VIDEO).totals

    @pytest.mark.parametrize("dimension", ["country", "device", "referrer"])
    def test_are_divided_by_what_the_pages_have(self, runtime, counted, dimension):
        found = rows(runtime, COUNTS, subject=VIDEO, whole_day=True, dimension=dimension)
        views = {each["value"]: each["views"] for each in found}
        assert views == oracle(counted, VIDEO).views_by(dimension)


class TestRetention:
    @pytest.mark.parametrize("subject", [VIDEO, SHARE])
    def test_is_exact_with_what_was_watched_again(self, runtime, counted, subject):
        (row,) = rows(runtime, SECONDS, subject=subject, whole_day=True)
        viewers, plays = oracle(counted, subject).seconds
        assert _spread(row["seconds"], row["viewers"]) == viewers
        assert _spread(row["seconds"], row["plays"]) == plays

    def test_is_not_kept_of_a_project(self, runtime, counted):
        assert rows(runtime, SECONDS, subject=PROJECT) == []


def _spread(seconds, changes):
    levels = dict(zip(seconds, accumulate(changes), strict=True))
    ends = [*seconds[1:], seconds[-1] + 1]
    return {
        second: levels[start]
        for start, end in zip(seconds, ends, strict=True)
        for second in range(start, end)
        if levels[start]
    }


class TestSalts:
    DAY = date(2019, 6, 1)

    def test_a_visitor_is_the_same_after_a_restart_and_in_every_process(self, runtime):
        salts = {Salts(runtime.database).open_day(self.DAY) for _ in range(2)}
        assert len({visitor_hash(salt, "203.0.113.7", "Firefox") for salt in salts}) == 1

    def test_the_salt_is_gone_after_its_day(self, runtime):
        salts, tomorrow = Salts(runtime.database), self.DAY + timedelta(1)
        salts.open_day(self.DAY)
        with runtime.database.write_session() as session:
            destroy_salts(session, tomorrow)
        assert rows(runtime, SALTS, day=self.DAY) == []
        of_tomorrow = salts.open_day(tomorrow)
        assert salts.of_day(self.DAY) is None
        assert salts.open_day(self.DAY) == of_tomorrow
        assert rows(runtime, SALTS, day=self.DAY) == []


class TestRetentionOfEvents:
    def test_events_of_old_days_are_dropped_with_their_partitions(self, runtime):
        old, new = date(2015, 1, 1), date(2015, 1, 2)
        for day in (old, new):
            store(runtime.database, made_up(day, 3, [("video:-2",)], day.day))
        with runtime.database.write_session() as session:
            drop_partitions(session, new)
        with runtime.database.read_session() as session:
            days = days_with_events(session)
        assert old not in days
        assert new in days
