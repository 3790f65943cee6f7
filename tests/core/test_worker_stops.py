"""A worker can be stopped at any moment."""

import threading
from dataclasses import replace

import pytest

from playout.runtime import Runtime
from playout.worker import Worker


@pytest.fixture
def worker(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """A worker that has just lost its database, and waits before it asks again."""
    lost = threading.Event()

    async def serve_queues(_: Worker) -> None:
        lost.set()
        raise ConnectionError("the database is away")

    monkeypatch.setattr(Worker, "_serve_queues", serve_queues)
    worker = Worker(replace(runtime, stopping=threading.Event()))
    worker.start()
    assert lost.wait(10)
    return worker


class TestStop:
    def test_while_it_waits_for_its_database(self, worker: Worker) -> None:
        worker.stop()
        assert not worker._thread.is_alive()

    def test_after_it_has_ended_by_itself(self, worker: Worker) -> None:
        worker.runtime.stopping.set()
        worker._thread.join(10)
        worker.stop()
