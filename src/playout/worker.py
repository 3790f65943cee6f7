"""The worker: it runs jobs, in the server's process or in one of its own on any machine."""

import asyncio
import contextlib
import copy
import signal
import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

import structlog
from procrastinate import App, SyncPsycopgConnector

from playout.core.processing.scratch import remove_stale_job_folders
from playout.core.webhooks.dispatch import Dispatcher
from playout.jobs import add_jobs
from playout.kit.errors import Invalid
from playout.kit.jobs import HEARTBEAT, STALLED_AFTER
from playout.kit.jobs.connector import JobConnector
from playout.kit.jobs.instrumentation import JobInstrumentation
from playout.kit.purges import Purges
from playout.kit.sigterm import sigterm_requested
from playout.runtime import Runtime
from playout.settings import Settings

SHORT_JOBS_AT_ONCE = 2
FAN_OUTS_AT_ONCE = 2
SPARE_THREADS = 16
"""Threads beside those of the jobs, so that short work never waits for media."""
RECONNECT_AFTER = 1.0
"""Seconds until a database that is away is asked again."""
POLL_INTERVAL = 2.0
"""Seconds between two looks for jobs whose notifications were missed."""
GRACE = 20.0
"""Seconds that running jobs get to give back what they hold when the process ends."""

log = structlog.get_logger(__name__)


class Worker:
    """The worker of a process. Running jobs go on while the database is away, and new ones start
    when it is back, whatever else runs."""

    def __init__(self, runtime: Runtime, queues: Collection[str] = ()) -> None:
        """Serve these queues alone, or all if there are none.

        Raise `Invalid` for a queue that there is not, or that this process leaves to others.
        """
        self.runtime = runtime
        self._queues = queues_of(runtime.settings, queues)
        self._dispatcher = Dispatcher(runtime)
        url = runtime.settings.purge_url
        self._purges = Purges(url, runtime.invalidations) if url else None
        self._app = App(connector=SyncPsycopgConnector())  # replaced while the database is there
        add_jobs(self._app, runtime, self._dispatcher)
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run_in_thread, name="worker", daemon=True)

    def start(self) -> None:
        """Run jobs in a thread of this process."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more jobs, and wait until the running ones have ended or were given back."""
        self.runtime.stopping.set()
        if self._loop is not None and self._task is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just ended by itself
                self._loop.call_soon_threadsafe(self._task.cancel)
        if self._thread.is_alive():
            self._thread.join(timeout=GRACE + 5)

    def run(self) -> None:
        """Run jobs in this thread until SIGTERM or SIGINT."""
        with asyncio.Runner() as runner, contextlib.suppress(asyncio.CancelledError):
            runner.run(self._until_signal())

    def _run_in_thread(self) -> None:
        with asyncio.Runner() as runner, contextlib.suppress(asyncio.CancelledError):
            runner.run(self._work())

    async def _until_signal(self) -> None:
        loop = asyncio.get_running_loop()
        work = asyncio.ensure_future(self._work())

        def stop() -> None:
            self.runtime.stopping.set()
            work.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        if sigterm_requested():
            stop()
        await work

    async def _work(self) -> None:
        self._task, self._loop = asyncio.current_task(), asyncio.get_running_loop()
        threads = sum(self._queues.values()) + SPARE_THREADS
        self._loop.set_default_executor(ThreadPoolExecutor(threads, "worker"))
        remove_stale_job_folders(self.runtime.job_folders)
        if self._purges is not None:
            self._purges.start()
        try:
            await self._serve_until_stopped()
        finally:
            if self._purges is not None:
                self._purges.stop()

    async def _serve_until_stopped(self) -> None:
        while not self.runtime.stopping.is_set():
            try:
                await self._serve_queues()
            except Exception as error:
                log.warning("worker.interrupted", error=repr(error))
            await asyncio.sleep(RECONNECT_AFTER)

    async def _serve_queues(self) -> None:
        connector = JobConnector(
            self.runtime.database.direct_url, self.runtime.stopping, self._set_interrupted
        )
        with self._app.replace_connector(connector) as app:
            # The group is innermost: connections last until the last job is given back.
            async with app.open_async(), self._dispatcher, asyncio.TaskGroup() as group:
                for queue, concurrency in self._queues.items():
                    group.create_task(
                        self._serve_queue(app_of_queue(app, queue), queue, concurrency)
                    )

    async def _serve_queue(self, app: App, queue: str, concurrency: int) -> None:
        """Run the jobs of a queue. If that fails, begin anew, and leave the other queues alone."""
        while not self.runtime.stopping.is_set():
            try:
                await app.run_worker_async(
                    queues=[queue],
                    name=queue,
                    concurrency=concurrency,
                    fetch_job_polling_interval=POLL_INTERVAL,
                    worker_middleware=[JobInstrumentation(self.runtime.tracing)],
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=STALLED_AFTER,
                    shutdown_graceful_timeout=GRACE,
                )
            except Exception as error:
                log.warning("worker.interrupted", queue=queue, error=repr(error))
            self.runtime.interrupted_queues.add(queue)
            await asyncio.sleep(RECONNECT_AFTER)
            self.runtime.interrupted_queues.discard(queue)

    def _set_interrupted(self, is_away: bool) -> None:
        """Note whether no queue can start jobs, because the database is away."""
        if is_away:
            self.runtime.interrupted_queues.update(self._queues)
        else:
            self.runtime.interrupted_queues.clear()


def app_of_queue(app: App, queue: str) -> App:
    """Return the app for the procrastinate worker of one queue: only one defers periodic jobs.

    Several would share one timetable, and each would undo the progress of the others in it.
    """
    if queue == "upkeep":
        return app
    app = copy.copy(app)
    app.periodic_registry = copy.copy(app.periodic_registry)
    app.periodic_registry.periodic_tasks = {}
    return app


def queues_of(settings: Settings, chosen: Collection[str]) -> dict[str, int]:
    """Return the concurrency of the queues that a worker serves, of all or of the chosen ones."""
    queues = concurrency_of_queues(settings)
    for queue in chosen:
        if queue not in queues:
            raise Invalid(f"There is no queue {queue}: choose from {', '.join(queues)}.")
        if not queues[queue]:
            raise Invalid(f"The settings leave the queue {queue} to other processes.")
    return {queue: queues[queue] for queue in chosen or queues if queues[queue]}


def concurrency_of_queues(settings: Settings) -> dict[str, int]:
    """Return how many jobs of a queue run at once; 0 for a queue that is left to other processes.

    Each kind of work has a queue, so that short work never waits for long work: new videos become
    playable, and get their pictures, while ladders are encoded.
    """
    return {
        "media": settings.worker_concurrency,
        "ladder": settings.ladder_concurrency,
        "pictures": min(settings.ladder_concurrency, 1),
        "render": settings.render_concurrency,
        "uploads": SHORT_JOBS_AT_ONCE,
        "upkeep": SHORT_JOBS_AT_ONCE,
        "webhooks": FAN_OUTS_AT_ONCE,
    }
