"""The numbers of HTTP requests, as Prometheus reads them."""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from prometheus_client import Metric
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from playout.kit.metrics import HTTP_BUCKETS

LIMITS = [*map(str, map(float, HTTP_BUCKETS)), "+Inf"]


class _Times:
    """The times until the answers of one route began."""

    def __init__(self) -> None:
        self.sum = 0.0
        self.buckets = [0] * len(LIMITS)


class RequestCounts(Collector):
    """Counts answers, and the seconds until they began.

    The counters of `prometheus_client` take locks, for which each request would pay. Here one
    thread counts, that of the event loop, and others only read.
    """

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str, str, str], int] = {}
        self._times: dict[tuple[str, str], _Times] = {}

    def add(self, api: str, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer with that status that began after so many seconds."""
        key = (api, route, method, str(status))
        self._requests[key] = self._requests.get(key, 0) + 1
        times = self._times.get((api, route))
        if times is None:
            times = self._times[api, route] = _Times()
        times.sum += seconds
        times.buckets[bisect_left(HTTP_BUCKETS, seconds)] += 1

    def collect(self) -> Iterable[Metric]:
        requests = CounterMetricFamily(
            "playout_requests", "Requests answered", labels=["api", "route", "method", "status"]
        )
        for key, number in self._requests.copy().items():
            requests.add_metric(key, number)
        seconds = HistogramMetricFamily(
            "playout_request_seconds", "Seconds until an answer began", labels=["api", "route"]
        )
        for route, times in self._times.copy().items():
            counts = map(float, accumulate(times.buckets.copy()))
            seconds.add_metric(route, list(zip(LIMITS, counts, strict=True)), times.sum)
        yield requests
        yield seconds
