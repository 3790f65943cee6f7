"""The types of events that webhooks carry, and the patterns by which an endpoint chooses them."""

from collections.abc import Sequence

TEST = "webhook.test"
WEBHOOK_EVENTS = (
    "video.status_changed",
    "video.published",
    "video.updated",
    "video.unpublished",
    "distribution.updated",
    "activation.started",
    "activation.ended",
    "share.created",
    "share.updated",
    "share.disabled",
    "share.restored",
    "share.rotated",
    "share.published",
    "share.expired",
    "credential.created",
    "credential.revoked",
    "webhook.disabled",
    TEST,
)
EVERYTHING = "*"


def patterns_of(event: str) -> Sequence[str]:
    """Return the patterns that an event matches: its type, all of its noun, everything."""
    return event, f"{event.partition('.')[0]}.*", EVERYTHING


PATTERNS = frozenset(pattern for event in WEBHOOK_EVENTS for pattern in patterns_of(event))
"""Every pattern that matches something."""
