"""An interruption of the database stops no queue, however long a job runs."""

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from playout import health
from playout import worker as worker_module
from playout.kit.jobs import defer, job
from playout.kit.jobs.connector import JobConnector
from playout.main import running
from playout.runtime import Runtime
from playout.settings import Settings
from playout.worker import Worker
from tests.helpers.pgbouncer import postgres_proxy
from tests.helpers.tcp_proxy import TcpProxy

pytestmark = pytest.mark.slow

BACK_WITHIN = 5.0
STARTED: dict[str, threading.Event] = {}
ENDED = threading.Event()
RUNS: list[str] = []


@job(name="tests.long", queue="media")
def long(resources: object, name: str) -> None:
    RUNS.append(name)
    STARTED[name].set()
    ENDED.wait(60)


@job(name="tests.short", queue="media")
def short(resources: object, name: str) -> None:
    STARTED[name].set()


@job(name="tests.other", queue="uploads")
def other(resources: object, name: str) -> None:
    STARTED[name].set()


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A Playout without a worker."""
    with running(Settings(data_dir=tmp_path_factory.mktemp("data"))) as runtime:
        yield runtime


@pytest.fixture
def proxied(runtime: Runtime, monkeypatch) -> Iterator[tuple[TcpProxy, Runtime]]:
    """A worker whose database is behind a proxy, with jobs that run for long and for a moment."""
    add_jobs = worker_module.add_jobs

    def add_more(app, resources, dispatcher) -> None:
        add_jobs(app, resources, dispatcher)
        for each in (long, short, other):
            each.add_to(app, resources)

    monkeypatch.setattr(worker_module, "add_jobs", add_more)
    with postgres_proxy(runtime.database.url) as (proxy, url):
        settings = runtime.settings.model_copy(
            update={"database_url": url, "ladder_concurrency": 0}
        )
        with running(settings) as here:
            worker = Worker(here)
            worker.start()
            yield proxy, here
            ENDED.set()
            worker.stop()


def start(runtime, which, name: str) -> threading.Event:
    STARTED[name] = threading.Event()
    with runtime.database.write_session() as session:
        defer(session, which, name)
    return STARTED[name]


def until(condition) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class TestInterruption:
    def test_jobs_start_within_seconds_while_a_long_job_runs_on(self, runtime, proxied):
        proxy, here = proxied
        assert start(runtime, long, "long").wait(20)
        with proxy.cut_off():
            until(lambda: here.interrupted_queues)
            assert not health.examine(here)["parts"]["worker"]["ok"]
            time.sleep(3)
            waiting = [start(runtime, short, "short"), start(runtime, other, "other")]
            time.sleep(1)
            assert not any(event.is_set() for event in waiting)
        deadline = time.monotonic() + BACK_WITHIN
        for event in waiting:
            assert event.wait(max(0, deadline - time.monotonic()))
        until(lambda: not here.interrupted_queues)
        assert RUNS == ["long"]
        ENDED.set()
        until(lambda: not _exists(runtime, "tests.long"))
        assert RUNS == ["long"]


class TestConnection:
    def test_it_is_back_at_once_however_long_the_database_was_away(self, runtime):
        """A pool that connects by itself waits twice as long before each next attempt."""
        changes: list[bool] = []
        with postgres_proxy(runtime.database.url) as (proxy, url):
            seconds = asyncio.run(self.seconds_until_back(proxy, url, changes.append))
        assert seconds < 4
        assert changes == [True, False]

    async def seconds_until_back(self, proxy: TcpProxy, url: str, on_change) -> float:
        connector = JobConnector(url, threading.Event(), on_change)
        answered_at = 0.0

        async def ask() -> None:
            nonlocal answered_at
            while True:
                await connector.execute_query_all_async("SELECT 1")
                answered_at = time.monotonic()
                await asyncio.sleep(0.2)

        await connector.open_async()
        try:
            asking = asyncio.create_task(ask())
            await asyncio.sleep(0.5)
            with proxy.cut_off():
                await asyncio.sleep(8.5)
            back_at = time.monotonic()
            while answered_at < back_at:
                await asyncio.sleep(0.05)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        finally:
            await connector.close_async()
        return answered_at - back_at


def _exists(runtime, task: str) -> bool:
    with runtime.database.read_session() as session:
        query = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task")
        return bool(session.scalar(query, {"task": task}))
