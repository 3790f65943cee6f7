"""`/metrics`: the counters of the processes of this server, and numbers of the installation."""

import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from playout.core.stats import StatQuery, deliveries, ledger_delay, queues
from playout.kit.bulkhead import Bulkhead
from playout.kit.database.engine import Database
from playout.kit.errors import Unavailable
from playout.kit.http.failed_credentials import FailedCredentials
from playout.kit.metrics import exposition
from playout.runtime import Runtime
from playout.server.metrics import ConnectionMetrics

STATISTICS: dict[str, tuple[str, tuple[str, ...], StatQuery]] = {
    "playout_queue_jobs": ("Jobs that wait or run", ("queue", "state"), queues),
    "playout_webhook_deliveries": ("Webhook deliveries in the database", ("state",), deliveries),
    "playout_ledger_delay_seconds": (
        "Age of the oldest transaction that writes: readers of events are this far behind",
        (),
        ledger_delay,
    ),
}
"""By the name of the metric: its description, its labels, and the query of its values."""


SECONDS = 7.0
"""Seconds that an answer waits for the database."""


def routes(runtime: Runtime, failures: FailedCredentials) -> Sequence[BaseRoute]:
    """Return the route `/metrics`; none unless the settings contain a token for it.

    `failures` limits the wrong tokens of each client.
    """
    token = runtime.settings.metrics_token
    if token is None:
        return []
    expected = f"Bearer {token.get_secret_value()}".encode()
    threads = Bulkhead("database", 1)

    async def metrics(request: Request) -> Response:
        authorization = request.headers.get("authorization", "").encode()
        if not secrets.compare_digest(authorization, expected):
            if authorization:
                await failures.count(request.scope)
            raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
        families: list[Metric] = []
        # While the database does not answer, the numbers of the process come all the same.
        with suppress(Unavailable):
            families += await threads.run_within(SECONDS, _statistics, runtime.monitoring)
        body = await run_in_threadpool(_exposition, runtime, families)
        return Response(body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    return [Route("/metrics", metrics)]


def _exposition(runtime: Runtime, families: Sequence[Metric]) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(families))
    if runtime.shared_metrics is not None:
        registry.register(runtime.shared_metrics)
        return generate_latest(registry)
    registry.register(ConnectionMetrics(runtime.database))
    return exposition() + generate_latest(registry)


class _Collected(Collector):
    """Metrics that were collected already."""

    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _statistics(database: Database) -> list[Metric]:
    """Return the numbers of the whole installation, without those that take too long."""
    families: list[Metric] = []
    for name, (description, labels, query) in STATISTICS.items():
        family = GaugeMetricFamily(name, description, labels=labels)
        try:
            with database.read_session() as session:
                rows = query(session)
        except Unavailable:
            continue
        for *values, number in rows:
            family.add_metric([str(value) for value in values], float(number))
        families.append(family)
    return families
