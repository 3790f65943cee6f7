"""Periodic jobs: each has one timetable in a process, which one of its workers keeps."""

from procrastinate import App, SyncPsycopgConnector
from procrastinate.periodic import PeriodicDeferrer

from playout.core.webhooks.dispatch import Dispatcher
from playout.jobs import DISPATCHER_JOBS, JOBS, add_jobs
from playout.kit.jobs import retry_stalled
from playout.worker import app_of_queue, concurrency_of_queues

NOW = 1_800_000_000.0


class TestTimetables:
    def test_one_worker_of_a_process_defers_all_periodic_jobs_and_the_others_none(self, runtime):
        app = App(connector=SyncPsycopgConnector())
        add_jobs(app, runtime, Dispatcher(runtime))
        queues = concurrency_of_queues(runtime.settings)
        deferred = {
            queue: {
                each.task.name
                for each, _ in PeriodicDeferrer(
                    app_of_queue(app, queue).periodic_registry, max_delay=float("inf")
                ).get_previous_tasks(at=NOW)
            }
            for queue in queues
        }
        periodic = {each.name for each in (*JOBS, *DISPATCHER_JOBS, retry_stalled) if each.cron}
        assert deferred == {queue: periodic if queue == "upkeep" else set() for queue in queues}
