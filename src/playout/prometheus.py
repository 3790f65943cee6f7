"""What Prometheus reads: the counters of this process, and how the installation stands."""

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

from playout.core.stats import Look, deliveries, ledger_delay, queues
from playout.kit.errors import Unavailable
from playout.runtime import Runtime

COUNTED: dict[str, tuple[str, tuple[str, ...], Look]] = {
    "playout_queue_jobs": ("Jobs that wait or run", ("queue", "state"), queues),
    "playout_webhook_deliveries": ("Deliveries that are kept", ("state",), deliveries),
    "playout_ledger_delay_seconds": (
        "Age of the oldest transaction that writes: so far behind is who follows the events",
        (),
        ledger_delay,
    ),
}
"""By the name of the metric: what it tells, its labels, and how it is looked up."""


def routes(runtime: Runtime) -> Sequence[BaseRoute]:
    """`/metrics`, which is not there for anybody without the token of the settings."""
    token = runtime.settings.metrics_token
    if token is None:
        return []
    wanted = f"Bearer {token.get_secret_value()}".encode()

    async def metrics(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if not secrets.compare_digest(given, wanted):
            raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
        told = await run_in_threadpool(_told, runtime)
        return Response(told, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    return [Route("/metrics", metrics)]


def _told(runtime: Runtime) -> bytes:
    shared = CollectorRegistry()
    shared.register(Standing(runtime))
    return runtime.metrics.text() + generate_latest(shared)


class Standing(Collector):
    """What is looked up when somebody asks. Without the database, the rest is told all the same."""

    def __init__(self, runtime: Runtime) -> None:
        self._database = runtime.database

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        in_use, size = self._database.connections
        yield GaugeMetricFamily("playout_database_connections", "In use", in_use)
        yield GaugeMetricFamily("playout_database_connections_limit", "At the most", size)
        for name, (told, labels, look) in COUNTED.items():
            family = GaugeMetricFamily(name, told, labels=labels)
            try:
                with self._database.reading() as session:
                    rows = look(session)
            except Unavailable:
                continue
            for *values, count in rows:
                family.add_metric([str(value) for value in values], float(count))
            yield family
