"""A job exists if and only if the transaction that deferred it commits, and runs with its types."""

import asyncio
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from procrastinate import App, PsycopgConnector, RetryStrategy
from sqlalchemy import text
from structlog.testing import capture_logs

from playout.kit import jobs
from playout.kit.errors import Unavailable
from playout.kit.jobs import Attempt, job, periodic_job
from playout.kit.jobs.instrumentation import JobInstrumentation

COUNT = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name")
ARGUMENTS = text("SELECT args FROM procrastinate_jobs WHERE task_name = :name ORDER BY id DESC")
OLD_JOB = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('tests', 'tests.note', 0, NULL, NULL,"
    " CAST(:arguments AS jsonb), NULL)::procrastinate_job_to_defer_v1])"
)


class Notes:
    """What the jobs of this module work with: a list of what they were called with."""

    def __init__(self) -> None:
        self.noted: list[object] = []


@job(name="tests.note", queue="tests")
def note(notes: Notes, asset_id: UUID, others: list[UUID], seconds: float = 1.5) -> None:
    notes.noted.append((asset_id, others, seconds))


@job(name="tests.note_async", queue="tests")
async def note_async(notes: Notes, text: str | None) -> None:
    await asyncio.sleep(0)
    notes.noted.append(text)


@job(
    name="tests.fail_twice",
    queue="tests",
    retry=RetryStrategy(max_attempts=2),
    pass_attempt=True,
)
def fail_twice(notes: Notes, attempt: Attempt, number: int) -> None:
    notes.noted.append((number, attempt))
    if attempt.left:
        raise ValueError


@job(
    name="tests.give_up",
    queue="tests",
    retry=RetryStrategy(max_attempts=1, retry_exceptions=[Unavailable]),
)
def give_up(notes: Notes, number: int) -> None:
    error = Unavailable("The tool does not start.")
    error.add_note("Traceback\nTypeError: no such option\n")
    raise error


@job(
    name="tests.stop",
    queue="tests",
    retry=RetryStrategy(max_attempts=1, retry_exceptions=[InterruptedError]),
)
def stop(notes: Notes) -> None:
    raise InterruptedError


@periodic_job(name="tests.tick", queue="tests", cron="* * * * * *")
def tick(notes: Notes) -> None:
    notes.noted.append("tick")


@job(name="tests.never", queue="no worker serves this")
def never(notes: Notes) -> None:
    raise AssertionError


def waiting(runtime) -> int:
    with runtime.database.read_session() as session:
        return session.scalar(COUNT, {"name": "tests.never"})


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def work(runtime, notes) -> Iterator[Callable[[], list[object]]]:
    """Runs the jobs that wait; returns what was noted so far."""

    async def run_all() -> None:
        app = App(connector=PsycopgConnector(conninfo=runtime.database.url, min_size=1))
        for each in (note, note_async, fail_twice, give_up, stop):
            each.add_to(app, notes)
        async with app.open_async():
            await app.run_worker_async(
                queues=["tests"],
                wait=False,
                install_signal_handlers=False,
                listen_notify=False,
                worker_middleware=[JobInstrumentation(runtime.tracing)],
            )

    def work() -> list[object]:
        asyncio.run(run_all())
        return notes.noted

    work()
    notes.noted.clear()
    return work


class TestDefer:
    def test_a_job_runs_after_the_commit_and_not_before(self, runtime, work):
        asset_id = uuid4()
        with runtime.database.write_session() as session:
            jobs.defer(session, note, asset_id, [])
            assert work() == []
        assert work() == [(asset_id, [], 1.5)]

    def test_a_job_of_a_transaction_that_fails_never_was(self, runtime, work):
        before = waiting(runtime)

        def fail() -> None:
            with runtime.database.write_session() as session:
                jobs.defer(session, never)
                jobs.defer(session, note, uuid4(), [])
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        assert waiting(runtime) == before
        assert work() == []

    def test_a_job_of_a_savepoint_that_fails_goes_with_it(self, runtime):
        before = waiting(runtime)
        with runtime.database.write_session() as session:
            savepoint = session.begin_nested()
            jobs.defer(session, never)
            savepoint.rollback()
            jobs.defer(session, never)
        assert waiting(runtime) == before + 1

    def test_others_do_not_see_it_before_the_commit(self, runtime):
        before = waiting(runtime)
        with runtime.database.write_session() as session:
            jobs.defer(session, never)
            assert waiting(runtime) == before
        assert waiting(runtime) == before + 1

    def test_an_argument_that_is_missing_or_too_much_is_an_error_at_once(self, runtime):
        for arguments in ((uuid4(),), (uuid4(), [], 2.0, "more")):
            with pytest.raises(TypeError), runtime.database.write_session() as session:
                jobs.defer(session, note, *arguments)


class TestArguments:
    def test_are_stored_as_json_under_the_names_of_the_parameters(self, runtime):
        asset_id, other = uuid4(), uuid4()
        with runtime.database.write_session() as session:
            jobs.defer(session, note, asset_id, others=[other], seconds=2)
            stored = session.scalar(ARGUMENTS, {"name": "tests.note"})
        assert stored == {"asset_id": str(asset_id), "others": [str(other)], "seconds": 2}

    def test_come_to_the_function_in_the_types_that_it_declares(self, runtime, work):
        asset_id, other = uuid4(), uuid4()
        with runtime.database.write_session() as session:
            jobs.defer(session, note, asset_id, others=[other], seconds=2)
            jobs.defer(session, note_async, None)
        [(first, others, seconds), text] = work()
        assert (first, others, seconds, text) == (asset_id, [other], 2.0, None)
        assert isinstance(first, UUID)

    def test_a_job_that_an_older_version_deferred_runs_with_the_default(self, runtime, work):
        asset_id = uuid4()
        with runtime.database.write_session() as session:
            arguments = f'{{"asset_id": "{asset_id}", "others": []}}'
            session.execute(OLD_JOB, {"arguments": arguments})
        assert work() == [(asset_id, [], 1.5)]


class TestAttempts:
    def test_a_job_learns_which_attempt_it_is_and_how_many_are_left(self, runtime, work):
        with runtime.database.write_session() as session:
            jobs.defer(session, fail_twice, 7)
        for _ in range(2):
            work()
        assert work() == [(7, Attempt(1, 2)), (7, Attempt(2, 1)), (7, Attempt(3, 0))]


class TestFailures:
    """Each failure is one line in the log, with the job, what it was for, and why."""

    def test_of_an_error_that_is_expected_the_reason_is_logged_each_time(self, runtime, work):
        with runtime.database.write_session() as session:
            jobs.defer(session, give_up, 7)
        with capture_logs() as logged:
            work()
            work()
        lines = [each for each in logged if each["event"] == "job.failed"]
        assert [each["attempt"] for each in lines] == [1, 2]
        assert [each["log_level"] for each in lines] == ["warning", "error"]
        assert [each["retry_in"] is None for each in lines] == [False, True]
        for each in lines:
            assert (each["task"], each["arguments"]) == ("tests.give_up", "{'number': 7}")
            told = "Unavailable: The tool does not start. (TypeError: no such option)"
            assert each["error"] == told
            assert each["exc_info"] is None

    def test_of_a_job_that_is_given_back_there_is_one_only_in_its_last_attempt(self, runtime, work):
        with runtime.database.write_session() as session:
            jobs.defer(session, stop)
        with capture_logs() as logged:
            work()
            work()
        lines = [each for each in logged if each.get("task") == "tests.stop"]
        levels = [(each["event"], each["log_level"]) for each in lines]
        assert levels == [("job.given_back", "info"), ("job.failed", "error")]

    def test_of_an_error_that_nobody_expected_there_is_a_traceback(self, runtime, work):
        with runtime.database.write_session() as session:
            jobs.defer(session, fail_twice, 7)
        with capture_logs() as logged:
            work()
        line, *_ = [each for each in logged if each["event"] == "job.failed"]
        assert (line["attempt"], line["log_level"], line["error"]) == (1, "error", "ValueError")
        assert isinstance(line["exc_info"], ValueError)


class TestTakeOver:
    def test_returns_the_arguments_of_waiting_jobs_and_leaves_the_rest(self, runtime, work):
        with runtime.database.write_session() as session:
            for text_ in ("a", "b", "c"):
                jobs.defer(session, note_async, text_)
        with runtime.database.write_session() as session:
            assert jobs.take_over(session, note_async, 2) == [{"text": "a"}, {"text": "b"}]
        assert work() == ["c"]


class TestPeriodicJob:
    def test_runs_without_the_time_that_procrastinate_adds(self, runtime, notes):
        async def run() -> None:
            app = App(connector=PsycopgConnector(conninfo=runtime.database.url, min_size=1))
            tick.add_to(app, notes)
            async with app.open_async():
                worker = asyncio.create_task(
                    app.run_worker_async(queues=["tests"], install_signal_handlers=False)
                )
                async with asyncio.timeout(10):
                    while not notes.noted:
                        await asyncio.sleep(0.05)
                worker.cancel()
                await asyncio.gather(worker, return_exceptions=True)

        asyncio.run(run())
        assert set(notes.noted) == {"tick"}
