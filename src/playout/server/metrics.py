"""The metrics of this process, and those of all processes that share its port."""

from collections.abc import Iterable
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from playout.kit.database.engine import Database
from playout.kit.metrics import REGISTRY
from playout.kit.shared_metrics import SharedMetrics
from playout.runtime import Runtime


class ConnectionMetrics(Collector):
    """The connections of a pool."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterable[Metric]:
        in_use, size = self._database.connections
        yield GaugeMetricFamily(
            "playout_database_connections", "Database connections in use", in_use
        )
        yield GaugeMetricFamily(
            "playout_database_connections_limit", "Most database connections", size
        )


def shared_metrics(runtime: Runtime, folder: Path) -> SharedMetrics:
    """Return the metrics of all processes that share a folder, for one of them."""
    return SharedMetrics(folder, (REGISTRY, ConnectionMetrics(runtime.database)))
