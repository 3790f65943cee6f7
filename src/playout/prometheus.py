"""`/metrics`: the counters of this process, and numbers of the whole installation."""

import secrets
from collections.abc import Iterable, Sequence

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
from playout.kit.errors import Unavailable
from playout.kit.metrics import exposition
from playout.runtime import Runtime

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


def routes(runtime: Runtime) -> Sequence[BaseRoute]:
    """Return the route `/metrics`; none unless the settings contain a token for it."""
    token = runtime.settings.metrics_token
    if token is None:
        return []
    expected = f"Bearer {token.get_secret_value()}".encode()

    async def metrics(request: Request) -> Response:
        authorization = request.headers.get("authorization", "").encode()
        if not secrets.compare_digest(authorization, expected):
            raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
        body = await run_in_threadpool(_exposition, runtime)
        return Response(body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    return [Route("/metrics", metrics)]


def _exposition(runtime: Runtime) -> bytes:
    registry = CollectorRegistry()
    registry.register(InstallationCollector(runtime))
    return exposition() + generate_latest(registry)


class InstallationCollector(Collector):
    """Numbers that are queried when somebody asks for them.

    Those from the database are left out while it does not answer.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._database = runtime.database

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        in_use, size = self._database.connections
        yield GaugeMetricFamily(
            "playout_database_connections", "Database connections in use", in_use
        )
        yield GaugeMetricFamily(
            "playout_database_connections_limit", "Most database connections", size
        )
        for name, (description, labels, query) in STATISTICS.items():
            family = GaugeMetricFamily(name, description, labels=labels)
            try:
                with self._database.read_session() as session:
                    rows = query(session)
            except Unavailable:
                continue
            for *values, number in rows:
                family.add_metric([str(value) for value in values], float(number))
            yield family
