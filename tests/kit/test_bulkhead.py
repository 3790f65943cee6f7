"""Calls that hang take the threads of their own dependency, and no others."""

import asyncio
import threading
import time

import pytest

from playout.kit import bulkhead
from playout.kit.bulkhead import Bulkhead
from playout.kit.errors import Unavailable


@pytest.fixture
def hung():
    event = threading.Event()
    yield event
    event.set()


class TestBulkhead:
    def test_a_call_without_a_free_thread_is_refused_and_never_made(self, hung, monkeypatch):
        monkeypatch.setattr(bulkhead, "START_SECONDS", 0.2)
        calls = []

        async def run() -> None:
            storage, database = Bulkhead("storage", 1), Bulkhead("database", 1)
            first = asyncio.ensure_future(storage.run(hung.wait))
            await asyncio.sleep(0.05)
            with pytest.raises(Unavailable):
                await storage.run(calls.append, 1)
            assert await database.run(lambda: "answer") == "answer"
            hung.set()
            assert await first

        asyncio.run(run())
        assert calls == []

    def test_a_call_that_has_begun_is_waited_for(self, monkeypatch):
        monkeypatch.setattr(bulkhead, "START_SECONDS", 0.1)
        started = time.monotonic()
        asyncio.run(Bulkhead("storage", 1).run(time.sleep, 0.4))
        assert time.monotonic() - started >= 0.4

    def test_a_read_is_given_up_in_time(self, hung):
        started = time.monotonic()
        with pytest.raises(Unavailable):
            asyncio.run(Bulkhead("database", 1).run_within(0.2, hung.wait))
        assert time.monotonic() - started < 2

    def test_errors_of_the_call_are_raised(self):
        def fail() -> None:
            raise KeyError("x")

        for run in (Bulkhead("x", 1).run(fail), Bulkhead("x", 1).run_within(5, fail)):
            with pytest.raises(KeyError):
                asyncio.run(run)
