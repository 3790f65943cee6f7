"""Runs the jobs: in the process of the server, or in one of its own on any machine."""

import asyncio
import contextlib
import copy
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.periodic import PeriodicTask

from playout.core.ledger.events import QUEUE as WEBHOOKS
from playout.core.processing.scratch import remove_stale_job_folders
from playout.core.webhooks.dispatch import Dispatcher
from playout.kit.http.instrumentation import ObservedJobs
from playout.kit.jobs import HEARTBEAT, STALLED_AFTER, registry
from playout.runtime import Runtime
from playout.settings import Settings

SHORT_AT_ONCE = 2
FAN_OUTS_AT_ONCE = 2
THREADS = 16
"""For short work beside the jobs: as many again as there are jobs, so that it never waits for
media."""
GRACE = 20.0
"""Seconds that running jobs get to give back what they hold."""

log = structlog.get_logger(__name__)


class Worker:
    """Works until it is stopped, and goes on after the database was away."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run_in_thread, name="worker", daemon=True)

    def start(self) -> None:
        """Work in a thread of this process."""
        self._thread.start()

    def stop(self) -> None:
        """Stop taking jobs, and wait for those that run to end or to be given back."""
        self.runtime.stopping.set()
        if self._loop is not None and self._task is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself just now
                self._loop.call_soon_threadsafe(self._task.cancel)
        if self._thread.is_alive():
            self._thread.join(timeout=GRACE + 5)

    def run(self) -> None:
        """Work in this thread until SIGTERM or SIGINT."""
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
        await work

    async def _work(self) -> None:
        self._task, self._loop = asyncio.current_task(), asyncio.get_running_loop()
        width = sum(_queues(self.runtime.settings).values())
        self._loop.set_default_executor(ThreadPoolExecutor(width + THREADS, "worker"))
        remove_stale_job_folders(self.runtime.job_folders)
        while not self.runtime.stopping.is_set():
            try:
                await self._serve_queues()
            except Exception as error:
                log.warning("worker.interrupted", error=repr(error))
            await asyncio.sleep(1)

    async def _serve_queues(self) -> None:
        connector = PsycopgConnector(conninfo=self.runtime.database.url, min_size=1, max_size=8)
        observed = ObservedJobs(self.runtime.metrics, self.runtime.tracing)
        dispatcher = Dispatcher(self.runtime)
        with registry.replace_connector(connector) as app:
            # A group, so that the connections last until the last job is given back.
            async with app.open_async(), dispatcher, asyncio.TaskGroup() as group:
                for queue, width in _queues(self.runtime.settings).items():
                    if not width:
                        continue
                    group.create_task(
                        with_own_timetables(app).run_worker_async(
                            queues=[queue],
                            name=queue,
                            concurrency=width,
                            additional_context={"runtime": self.runtime, "dispatcher": dispatcher},
                            worker_middleware=[observed.run],
                            install_signal_handlers=False,
                            delete_jobs="successful",
                            update_heartbeat_interval=HEARTBEAT,
                            stalled_worker_timeout=STALLED_AFTER,
                            shutdown_graceful_timeout=GRACE,
                        )
                    )


def with_own_timetables(app: App) -> App:
    """The same app for one worker of several.

    A worker keeps its place in a timetable in the timetable itself. Where several shared one, each
    would put the others back, and all would ask for the same jobs without end.
    """
    own = copy.copy(app)
    own.periodic_registry = copy.copy(app.periodic_registry)
    own.periodic_registry.periodic_tasks = {
        key: PeriodicTask(each.task, each.cron, each.periodic_id, copy.copy(each.configure_kwargs))
        for key, each in app.periodic_registry.periodic_tasks.items()
    }
    return own


def _queues(settings: Settings) -> dict[str, int]:
    """How many jobs of a queue run at once; 0 for one that is left to others.

    Queues of their own keep short work from waiting behind long: what is new becomes playable, and
    has its pictures made, while ladders are climbed.
    """
    return {
        "media": settings.worker_concurrency,
        "ladder": settings.ladder_concurrency,
        "pictures": min(settings.ladder_concurrency, 1),
        "uploads": SHORT_AT_ONCE,
        "upkeep": SHORT_AT_ONCE,
        WEBHOOKS: FAN_OUTS_AT_ONCE,
    }
