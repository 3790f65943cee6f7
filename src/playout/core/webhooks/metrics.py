"""Metrics of webhooks."""

from playout.kit.metrics import HTTP_BUCKETS, histogram

ATTEMPT_SECONDS = histogram(
    "playout_webhook_attempt_seconds",
    "Seconds until a receiver answered, or the attempt was given up",
    ["outcome"],
    HTTP_BUCKETS,
)
"""`outcome` is `succeeded` or `failed`."""
