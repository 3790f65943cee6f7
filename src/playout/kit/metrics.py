"""What this process counts about itself, in a registry of its own.

Labels come from what Playout is made of (routes, tasks, types of events), never from what somebody
sends: there are only so many series, whatever comes.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

ANSWER_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
JOB_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600)


class Metrics:
    """The counters of one process; each process is read by itself."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "playout_requests",
            "Requests answered",
            ["api", "route", "method", "status"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "playout_request_seconds",
            "Time until an answer began",
            ["api", "route"],
            buckets=ANSWER_SECONDS,
            registry=self.registry,
        )
        self.refused = Counter(
            "playout_rate_limited",
            "Requests refused because their key had made too many",
            ["api"],
            registry=self.registry,
        )
        self.streams = Gauge(
            "playout_streams", "Server-sent event streams that are open", registry=self.registry
        )
        self.received = Counter(
            "playout_received_bytes", "Bytes of sources taken in", registry=self.registry
        )
        self.events = Counter(
            "playout_ledger_events", "Events committed", ["type"], registry=self.registry
        )
        self.jobs = Counter("playout_jobs", "Jobs run", ["task", "state"], registry=self.registry)
        self.job_seconds = Histogram(
            "playout_job_seconds",
            "Time that a run of a job took",
            ["task"],
            buckets=JOB_SECONDS,
            registry=self.registry,
        )

        self.attempt_seconds = Histogram(
            "playout_webhook_attempt_seconds",
            "Time until a receiver had answered, or had been given up",
            ["outcome"],
            buckets=ANSWER_SECONDS,
            registry=self.registry,
        )

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)
