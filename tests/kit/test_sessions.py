"""Sessions and connections of a database."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from playout.kit.database.engine import Database

PREPARED = text("SELECT statement FROM pg_prepared_statements")
OFTEN = 12
"""More than psycopg waits for until it prepares a statement."""


@pytest.fixture
def database(runtime) -> Iterator[Database]:
    """A database with a pool of its own."""
    database = Database(runtime.database.url, 2)
    yield database
    database.close()


class TestPreparedStatements:
    def test_statements_of_reads_stay_prepared(self, database):
        for _ in range(OFTEN):
            with database.read_session() as session:
                session.execute(text("SELECT 'read often'"))
        with database.read_session() as session:
            assert any("read often" in each for each in session.scalars(PREPARED))

    def test_reads_keep_what_writes_have_prepared(self, database):
        for _ in range(OFTEN):
            with database.write_session() as session:
                session.execute(text("SELECT 'written often'"))
            with database.read_session() as session:
                session.execute(text("SELECT 'read between'"))
        with database.read_session() as session:
            assert any("written often" in each for each in session.scalars(PREPARED))

    def test_nothing_is_prepared_behind_a_pooler(self, runtime):
        database = Database(runtime.database.url, 1, direct_url=runtime.database.url)
        for _ in range(OFTEN):
            with database.read_session() as session:
                session.execute(text("SELECT 'read behind a pooler'"))
        with database.read_session() as session:
            assert session.scalars(PREPARED).all() == []
        database.close()


class TestPool:
    def test_the_connection_that_was_used_last_is_used_next(self, database):
        backend = text("SELECT pg_backend_pid()")
        with database.read_session() as first, database.read_session() as second:
            first.scalar(backend)
            second.scalar(backend)
        seen = set()
        for _ in range(3):
            with database.read_session() as session:
                seen.add(session.scalar(backend))
        assert len(seen) == 1

    def test_a_connection_that_the_server_closed_is_replaced(self, database, runtime):
        with database.read_session() as session:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
        with runtime.database.read_session() as session:
            session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        time.sleep(0.05)
        with database.read_session() as session:
            assert session.scalar(text("SELECT 1")) == 1
