"""A job exists if and only if the transaction that deferred it commits."""

import threading
from uuid import uuid4

import pytest
from sqlalchemy import text

from playout.kit import jobs

COUNT = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name")
ran: dict[str, threading.Event] = {}


@jobs.registry.task(name="tests.noted", queue="upkeep")
def noted(token: str) -> None:
    ran[token].set()


@jobs.registry.task(name="tests.never", queue="nobody works on this")
def never() -> None:
    raise AssertionError


def waiting(runtime) -> int:
    with runtime.database.reading() as session:
        return session.scalar(COUNT, {"name": "tests.never"})


@pytest.fixture
def token() -> str:
    token = str(uuid4())
    ran[token] = threading.Event()
    return token


class TestDefer:
    def test_a_job_runs_after_the_commit_and_not_before(self, runtime, token):
        with runtime.database.writing() as session:
            jobs.defer(session, "tests.noted", token=token)
            assert not ran[token].wait(0.3)
        assert ran[token].wait(5)

    def test_a_job_of_a_transaction_that_fails_never_was(self, runtime, token):
        before = waiting(runtime)

        def fail() -> None:
            with runtime.database.writing() as session:
                jobs.defer(session, "tests.never")
                jobs.defer(session, "tests.noted", token=token)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        assert waiting(runtime) == before
        assert not ran[token].wait(0.5)

    def test_a_job_of_a_savepoint_that_fails_goes_with_it(self, runtime):
        before = waiting(runtime)
        with runtime.database.writing() as session:
            savepoint = session.begin_nested()
            jobs.defer(session, "tests.never")
            savepoint.rollback()
            jobs.defer(session, "tests.never")
        assert waiting(runtime) == before + 1

    def test_others_do_not_see_it_before_the_commit(self, runtime):
        before = waiting(runtime)
        with runtime.database.writing() as session:
            jobs.defer(session, "tests.never")
            assert waiting(runtime) == before
        assert waiting(runtime) == before + 1

    def test_a_name_that_no_task_has_is_an_error_at_once(self, runtime):
        with pytest.raises(KeyError), runtime.database.writing() as session:
            jobs.defer(session, "tests.unknown")
