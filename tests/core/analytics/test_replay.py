"""A day of many events, beside the oracle. PLAYOUT_REPLAYED_EVENTS=1000000 replays a million."""

import os
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from playout.core.analytics.jobs import count_day
from playout.core.analytics.model import COUNTS, MEASURES
from playout.core.analytics.reading import Reader
from playout.core.analytics.spans import Interval, span
from playout.core.analytics.writing import start_of
from playout.kit.clock import utcnow
from tests.core.analytics.helpers.viewings import Oracle, made_up, store

pytestmark = pytest.mark.slow

EVENTS = int(os.environ.get("PLAYOUT_REPLAYED_EVENTS", "50000"))
EVENTS_OF_A_VIEWING = 5
DAY = date(2017, 7, 7)
VIDEOS = [(f"video:{-100 - number}", "project:-100") for number in range(5)]


class TestReplay:
    def test_totals_visitors_and_retention_are_those_of_the_oracle(self, runtime):
        viewings = list(made_up(DAY, EVENTS // EVENTS_OF_A_VIEWING, VIDEOS, 77))
        assert store(runtime.database, viewings) > EVENTS * 0.8
        asked = span(DAY, DAY, "UTC", Interval.HOUR, utcnow())
        before = _answers(runtime, asked)
        with runtime.database.write_session() as session:
            count_day(session, DAY)
        assert _answers(runtime, asked) == before
        for subject, totals, retention, hours in before:
            oracle = Oracle(viewings, subject, start_of(DAY), start_of(DAY + timedelta(1)))
            assert totals == oracle.totals
            assert {name: sum(each[name] for each in hours.values()) for name in MEASURES} == totals
            viewers, plays = oracle.seconds
            assert {at: pair[0] for at, pair in enumerate(retention) if pair[0]} == viewers
            assert {at: pair[1] for at, pair in enumerate(retention) if pair[1]} == plays
        with runtime.database.read_session() as session:
            row = session.execute(
                select(COUNTS).where(
                    COUNTS.c.subject == "project:-100", COUNTS.c.whole_day, COUNTS.c.dimension == ""
                )
            ).mappings()
            of_project = row.one()
        oracle = Oracle(viewings, "project:-100", start_of(DAY), start_of(DAY + timedelta(1)))
        assert {name: of_project[name] for name in MEASURES} == oracle.totals


def _answers(runtime, asked):
    answers = []
    with runtime.database.read_session() as session:
        for subject, _ in VIDEOS:
            reader = Reader(session, subject)
            totals, retention = dict(reader.totals(asked)), reader.retention(asked)
            answers.append((subject, totals, retention, reader.series(asked)))
    return answers
