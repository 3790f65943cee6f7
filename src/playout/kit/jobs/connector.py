"""The connection of a worker to its jobs, which outlives interruptions of the database.

A worker of procrastinate whose query fails takes no more jobs, and ends when its last job has
ended: one long job would keep all others from starting. Here, queries wait for the database.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from threading import Event
from typing import Any, LiteralString, TypeVar

import psycopg
import structlog
from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException
from procrastinate.sql import queries

from playout.kit.database.connections import connection_arguments

RETRY_AFTER = 0.5
"""Seconds until a database that is away is asked again."""
POOL_SECONDS = 2.0
"""Seconds that a query waits for a connection."""
RECONNECT_SECONDS = 1.0
"""Seconds for which the pool repeats an attempt to connect by itself. It waits twice as long before
each next one, so that it would notice only late that the database is back: the queries repeat it.
"""
MAX_CONNECTIONS = 4
"""Its queries are short. Each connection that stays open takes 4 MB of PostgreSQL."""

# For the version of procrastinate whose tables the migrations create.
RESTORE_WORKERS: LiteralString = """
    INSERT INTO procrastinate_workers (id) OVERRIDING SYSTEM VALUE
    SELECT unnest(%(workers)s::bigint[])
    ON CONFLICT (id) DO UPDATE SET last_heartbeat = now()
"""
"""A worker that sent no heartbeat for a while may have been removed."""
LOST_JOBS: LiteralString = """
    SELECT id FROM procrastinate_jobs
    WHERE status = 'doing' AND worker_id = %(worker)s AND NOT id = ANY(%(held)s)
"""
"""Jobs that were given to a worker in an answer that never arrived."""
RETRY_LOST: LiteralString = "SELECT procrastinate_retry_job_v2(%(id)s, now(), NULL, NULL, NULL)"

Result = TypeVar("Result")
log = structlog.get_logger(__name__)


class JobConnector(PsycopgConnector):
    """A pool of connections whose queries are repeated until the database answers.

    They are not repeated once `stopping` is set. `on_change` is called with True when the database
    does not answer, and with False when it is back.
    """

    def __init__(self, url: str, stopping: Event, on_change: Callable[[bool], None]) -> None:
        super().__init__(
            conninfo=url,
            kwargs=connection_arguments(url),
            min_size=1,
            max_size=MAX_CONNECTIONS,
            timeout=POOL_SECONDS,
            reconnect_timeout=RECONNECT_SECONDS,
        )
        self._stopping = stopping
        self._on_change = on_change
        self._is_away = False
        self._workers: set[int] = set()
        self._held: set[int] = set()
        """The jobs that workers of this process have taken and not ended."""

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        await self._repeat(lambda: self._execute(query, arguments))

    async def execute_query_one_async(
        self, query: LiteralString, **arguments: Any
    ) -> dict[str, Any]:
        run = super().execute_query_one_async
        if query != queries["fetch_job"]:
            row: dict[str, Any] = await self._repeat(lambda: run(query, **arguments))
            return row
        worker = arguments["worker_id"]
        self._workers.add(worker)
        row = await self._repeat(
            lambda: run(query, **arguments), before_retry=lambda: self._give_back(worker)
        )
        if row["id"] is not None:
            self._held.add(row["id"])
        return row

    async def execute_query_all_async(
        self, query: LiteralString, **arguments: Any
    ) -> list[dict[str, Any]]:
        run = super().execute_query_all_async
        return await self._repeat(lambda: run(query, **arguments))

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        listen, channels = super().listen_notify, list(channels)
        await self._repeat(lambda: listen(on_notification, channels))

    async def _execute(self, query: LiteralString, arguments: dict[str, Any]) -> None:
        await super().execute_query_async(query, **arguments)
        if query in (queries["finish_job"], queries["retry_job"]):
            self._held.discard(arguments["job_id"])

    async def _repeat(
        self,
        run: Callable[[], Awaitable[Result]],
        before_retry: Callable[[], Awaitable[None]] | None = None,
    ) -> Result:
        """Return the result of a query. Repeat it while the database does not answer."""
        failed = False
        while True:
            try:
                if failed:
                    await super().execute_query_async(RESTORE_WORKERS, workers=list(self._workers))
                    if before_retry is not None:
                        await before_retry()
                result = await run()
            except ConnectorException as error:
                if not _is_away(error) or self._stopping.is_set():
                    raise
                failed = True
                self._set_away(error)
                await asyncio.sleep(RETRY_AFTER)
            else:
                self._set_away(None)
                return result

    async def _give_back(self, worker: int) -> None:
        """Let jobs run that a worker took, and of which the answer was lost.

        A worker takes one job at a time, so none of its jobs is on its way now.
        """
        known = {"worker": worker, "held": list(self._held)}
        for row in await super().execute_query_all_async(LOST_JOBS, **known):
            log.warning("jobs.lost", job=row["id"])
            await super().execute_query_async(RETRY_LOST, id=row["id"])

    def _set_away(self, error: Exception | None) -> None:
        if error is not None and not self._is_away:
            log.warning("jobs.database_away", error=str(error.__cause__).strip())
        elif error is None and self._is_away:
            log.info("jobs.database_back")
        if self._is_away != (error is not None):
            self._is_away = error is not None
            self._on_change(self._is_away)


def _is_away(error: ConnectorException) -> bool:
    """Return True if the query failed because of its connection."""
    return isinstance(error.__cause__, psycopg.OperationalError | psycopg.InterfaceError)
