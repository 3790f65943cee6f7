"""Jobs by the clock, of which each worker of a process keeps track for itself."""

from itertools import islice

from procrastinate.periodic import PeriodicDeferrer

from playout.kit.jobs import registry
from playout.worker import with_own_timetables

NOW = 1_800_000_000.0
LATER = NOW + 50


class TestTimetables:
    def test_a_worker_that_is_behind_does_not_set_another_one_back(self):
        ahead, behind = (
            PeriodicDeferrer(with_own_timetables(registry).periodic_registry) for _ in range(2)
        )
        for each in (ahead, behind):
            assert list(each.get_previous_tasks(at=NOW))
        asked = ahead.get_previous_tasks(at=LATER)
        soonest = [when for _, when in islice(asked, 4)]
        next(iter(behind.get_previous_tasks(at=LATER)))
        task, after = next(iter(asked))
        assert task.task.name == "jobs.retry_stalled"
        assert after > max(soonest)
