"""Reading the ledger from a cursor on gives each event once, however its writers overlap."""

import random
import threading
import time
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import exc, select, text

from playout.core.ledger import cursor, restore
from playout.core.ledger.cursor import Position
from playout.core.ledger.model import Entry, Subject
from playout.core.ledger.queries import EventFilter, within_reach
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.kit.errors import NotFound

WRITERS, EACH = 50, 4
INSERT = (
    "INSERT INTO ledger (at, event, organization_id, subject_type, subject_id, actor_kind,"
    " actor_id, actor_name, api, changes)"
    " VALUES (now(), 'tests.raced', %s, 'test', %s, 'test', '', '', 'tests', '{}')"
)


def read_by_position(session, principal, last):
    """Read as Playout does: `last` is a position."""
    found = cursor.read_after(
        session, within_reach(principal), EventFilter(), last or Position(0, 0), 50
    )
    return found.entries, found.position


def read_by_id(session, principal, last):
    """Read as one must not: `last` is the largest id seen."""
    query = within_reach(principal).where(Entry.id > (last or 0)).order_by(Entry.id).limit(50)
    rows = list(session.scalars(query))
    return rows, rows[-1].id if rows else last


def write_in_any_order(url: str, organization: int, subjects: list[str]) -> None:
    """Insert rows in transactions that take their ids, wait, and only then commit."""
    pick = random.Random(subjects[0])
    with closing(psycopg.connect(url)) as connection:
        for subject in subjects:
            connection.execute(INSERT, (organization, subject))
            time.sleep(pick.random() * 0.05)
            if pick.random() < 0.2:
                connection.rollback()
                connection.execute(INSERT, (organization, subject))
            connection.commit()


def race(runtime, organization: int, read) -> list[str]:
    """Return the subjects that one reader sees while many write."""
    url, principal = runtime.database.url, replace(OPERATOR, role=None)
    principal = replace(principal, organization_id=organization)
    wanted = [[f"{writer}-{turn}" for turn in range(EACH)] for writer in range(WRITERS)]
    writers = [
        threading.Thread(target=write_in_any_order, args=(url, organization, subjects))
        for subjects in wanted
    ]
    for each in writers:
        each.start()
    seen, last = [], None
    while True:
        over = not any(each.is_alive() for each in writers)
        with runtime.database.read_session() as session:
            rows, last = read(session, principal, last)
        seen += [row.subject_id for row in rows if row.event == "tests.raced"]
        if over and not rows:
            return seen
        time.sleep(0.002)


def settled(runtime, principal, after: Position) -> list[Entry]:
    """Return the events after a position, once no other writer of this database holds any back."""
    for _ in range(200):
        with runtime.database.read_session() as session:
            found = cursor.read_after(session, within_reach(principal), EventFilter(), after, 200)
        if not found.held_back:
            return found.entries
        time.sleep(0.02)
    raise AssertionError("it is held back")


def subjects(runtime, principal) -> list[str]:
    with runtime.database.read_session() as session:
        found = cursor.read_after(
            session, within_reach(principal), EventFilter(), Position(0, 0), 200
        )
    return [each.subject_id for each in found.entries]


class TestReadAfter:
    def test_fifty_writers_that_commit_in_any_order_are_seen_once_each(self, runtime, tenant):
        seen = race(runtime, tenant.organization.id, read_by_position)
        assert len(seen) == len(set(seen)) == WRITERS * EACH

    def test_a_reader_that_goes_by_the_last_id_loses_events_of_the_same_race(self, runtime, tenant):
        seen = race(runtime, tenant.organization.id, read_by_id)
        assert len(set(seen)) < WRITERS * EACH

    def test_events_after_a_running_transaction_are_held_back_until_it_ends(self, runtime, tenant):
        organization = tenant.organization.id
        principal = replace(OPERATOR, role=None, organization_id=organization)
        with runtime.database.read_session() as session:
            start = cursor.now(session)
        with closing(psycopg.connect(runtime.database.url)) as slow:
            slow.execute(INSERT, (organization, "slow"))
            with closing(psycopg.connect(runtime.database.url)) as quick:
                quick.execute(INSERT, (organization, "quick"))
                quick.commit()
            with runtime.database.read_session() as session:
                found = cursor.read_after(
                    session, within_reach(principal), EventFilter(), start, 10
                )
            assert (found.entries, found.held_back) == ([], True)
            slow.commit()
        entries = settled(runtime, principal, found.position)
        assert [each.subject_id for each in entries] == ["slow", "quick"]

    def test_a_transaction_that_only_reads_holds_nothing_back(self, runtime, tenant):
        organization = tenant.organization.id
        principal = replace(OPERATOR, role=None, organization_id=organization)
        with closing(psycopg.connect(runtime.database.url)) as reader:
            reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            reader.execute("SELECT count(*) FROM ledger")
            with runtime.work.write(OPERATOR, Origin("tests")) as unit:
                unit.record("tests.happened", Subject("test", "1", organization))
            assert settled(runtime, principal, Position(0, 0))[-1].event == "tests.happened"

    def test_a_cursor_from_another_database_is_refused(self, runtime):
        with (
            runtime.database.read_session() as session,
            pytest.raises(NotFound, match="not of this"),
        ):
            cursor.read_after(
                session, within_reach(OPERATOR), EventFilter(), Position(10**15, 1), 10
            )

    def test_the_next_batch_of_rare_events_does_not_search_all_the_others_again(
        self, runtime, tenant
    ):
        with runtime.database.read_session() as session:
            now = cursor.now(session)
            principal = replace(OPERATOR, role=None, organization_id=tenant.organization.id)
            found = cursor.read_after(
                session, within_reach(principal), EventFilter("none.such"), Position(0, 0), 10
            )
        assert found.position >= now


class TestMoveFutureEventsToStart:
    def test_events_of_another_cluster_come_before_new_events(self, runtime, tenant):
        organization = tenant.organization.id
        principal = replace(OPERATOR, role=None, organization_id=organization)
        insert = INSERT.replace("(at,", "(xid, at,").replace("VALUES (", "VALUES (%s, ")
        with closing(psycopg.connect(runtime.database.url)) as connection:
            connection.execute(insert, (10**15, organization, "from elsewhere"))
            connection.commit()
        assert "from elsewhere" not in subjects(runtime, principal)
        restore.move_future_events_to_start(runtime.database)
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            unit.record("tests.happened", Subject("test", "now", organization))
        seen = [each.subject_id for each in settled(runtime, principal, Position(0, 0))]
        assert (seen[0], seen[-1]) == ("from elsewhere", "now")

    def test_the_ledger_stays_append_only(self, runtime, tenant):
        restore.move_future_events_to_start(runtime.database)
        with (
            pytest.raises(exc.DBAPIError, match="append-only"),
            runtime.database.write_session() as session,
        ):
            session.execute(text("UPDATE ledger SET xid = 0"))


class TestIndex:
    def test_reading_one_organization_reads_only_the_end_of_its_index(self, runtime, tenant):
        with runtime.database.read_session() as session:
            session.execute(select(1))
            session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = session.connection().exec_driver_sql(
                "EXPLAIN SELECT * FROM ledger WHERE organization_id = 1 AND xid >= 5"
                " AND (xid, id) > (5, 3) ORDER BY xid, id LIMIT 10"
            )
            plan_text = "\n".join(row[0] for row in plan)
        assert "ix_ledger_organization_id_xid_id" in plan_text
        assert "Sort" not in plan_text
