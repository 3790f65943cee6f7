"""Jobs by the clock: asked for when it is time, and then no more."""

import time
from collections import Counter

from procrastinate.manager import JobManager

from playout.worker import _queues

SECONDS = 6.0
"""Longer than the shortest timetable of all."""


class TestTimetables:
    def test_no_worker_asks_twice_for_what_was_due_once(self, runtime, monkeypatch):
        asked: Counter[tuple[str, int]] = Counter()
        ask = JobManager.defer_periodic_job

        async def noted(manager, *, job, defer_timestamp, **rest):
            asked[job.task_name, defer_timestamp] += 1
            return await ask(manager, job=job, defer_timestamp=defer_timestamp, **rest)

        monkeypatch.setattr(JobManager, "defer_periodic_job", noted)
        time.sleep(SECONDS)
        workers = sum(width > 0 for width in _queues(runtime.settings).values())
        assert 0 < max(asked.values()) <= workers
