"""Metrics that the APIs share."""

from playout.kit.metrics import counter, gauge

RATE_LIMITED = counter(
    "playout_rate_limited", "Requests refused because their key had sent too many", ["api"]
)
OPEN_STREAMS = gauge("playout_streams", "Server-sent event streams that are open")
