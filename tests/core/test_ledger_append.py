"""Rows of the ledger and the job that follows them are one statement."""

from contextlib import suppress

import pytest
from sqlalchemy import text

from playout.core.ledger.append import EventJob, Ledger
from playout.kit.clock import utcnow
from playout.kit.jobs import job
from tests.helpers.statements import recorded_statements

OWN_JOBS = text(
    "SELECT queue_name, priority, args FROM procrastinate_jobs"
    " WHERE task_name = 'tests.follow' AND xmin = pg_current_xact_id()::xid"
)
OWN_ROWS = text("SELECT id FROM ledger WHERE xmin = pg_current_xact_id()::xid ORDER BY id")


class Undone(Exception):
    """Takes a transaction back."""


@job(name="tests.follow", queue="no worker serves this", priority=7)
def follow(nothing: None, row_ids: list[int]) -> None:
    raise AssertionError


def row(event: str) -> dict[str, object]:
    kinds = ("subject_type", "subject_id", "actor_kind", "actor_id", "actor_name", "api")
    return dict.fromkeys(kinds, "test") | {
        "at": utcnow(),
        "event": event,
        **dict.fromkeys(("organization_id", "project_id", "sub_account_id", "request_id")),
        "changes": {},
        "names": {},
    }


@pytest.fixture
def append(runtime):
    """Appends events in a transaction that is undone; returns rows, jobs and statements."""

    def append(ledger: Ledger, *events: str):
        with suppress(Undone), runtime.database.write_session() as session:
            with recorded_statements(runtime) as statements:
                ledger.append(session.connection(), [row(event) for event in events])
            rows = list(session.scalars(OWN_ROWS))
            jobs = [tuple(each) for each in session.execute(OWN_JOBS)]
            raise Undone
        return rows, jobs, statements

    return append


class TestAppend:
    def test_a_job_gets_the_rows_that_meet_the_condition_in_the_same_statement(self, append):
        ledger = Ledger(EventJob(follow, "event = :chosen", {"chosen": "tests.chosen"}))
        rows, jobs, statements = append(ledger, "tests.chosen", "tests.other", "tests.chosen")
        assert len(rows) == 3
        assert jobs == [("no worker serves this", 7, {"row_ids": [rows[0], rows[2]]})]
        assert len(statements) == 1

    def test_where_no_row_meets_it_there_is_no_job(self, append):
        ledger = Ledger(EventJob(follow, "event = :chosen", {"chosen": "tests.chosen"}))
        rows, jobs, _ = append(ledger, "tests.other")
        assert (len(rows), jobs) == (1, [])

    def test_rows_need_no_job(self, append):
        rows, jobs, statements = append(Ledger(), "tests.chosen")
        assert (len(rows), jobs, len(statements)) == (1, [], 1)
