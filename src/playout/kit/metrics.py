"""The metrics of this process, in a registry that holds nothing else.

A module declares a metric next to the code that counts it. Labels come from Playout's own code
(routes, tasks, types of events) and never from a request: the number of series is bounded, whatever
clients send.
"""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

REGISTRY = CollectorRegistry()
"""Every metric that a module of this process has declared."""

HTTP_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Bounds of histogram buckets for an HTTP request, in seconds."""
JOB_BUCKETS = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600)
"""Bounds of histogram buckets for a job, in seconds."""


def counter(name: str, description: str, labels: Sequence[str] = ()) -> Counter:
    """Declare a counter. Its name appears in `/metrics` with `_total` at the end."""
    return Counter(name, description, labels, registry=REGISTRY)


def gauge(name: str, description: str, labels: Sequence[str] = ()) -> Gauge:
    """Declare a gauge: a number that goes up and down."""
    return Gauge(name, description, labels, registry=REGISTRY)


def histogram(
    name: str, description: str, labels: Sequence[str], buckets: Sequence[float]
) -> Histogram:
    """Declare a histogram of seconds."""
    return Histogram(name, description, labels, registry=REGISTRY, buckets=buckets)


def exposition() -> bytes:
    """Return the current values in the text format of Prometheus."""
    return generate_latest(REGISTRY)
