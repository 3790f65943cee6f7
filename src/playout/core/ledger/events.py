"""The types of events that webhooks carry: declared here, listed by the documents."""

from collections.abc import Sequence

CARRIED = {
    "video.status_changed": "The status of a video changed, for example to completed or failed.",
    "video.published": "A video was published.",
    "video.updated": "A video or its publication was changed.",
    "video.unpublished": "A video was unpublished.",
    "distribution.updated": "A distribution was changed, or its packaging status changed.",
    "activation.started": "A campaign began.",
    "activation.ended": "A campaign ended.",
    "share.created": "A landing page was created.",
    "share.updated": "A landing page was changed.",
    "share.disabled": "A landing page was disabled.",
    "share.restored": "A landing page was restored.",
    "share.rotated": "A landing page got a new address.",
    "credential.created": "A render credential was created.",
    "credential.revoked": "A render credential was revoked.",
    "webhook.disabled": "Playout disabled an endpoint; your other endpoints receive this.",
    "webhook.test": "Somebody sent a test; only that endpoint receives it, whatever it listens to.",
}
"""Each type, and when it is sent."""
TEST = "webhook.test"
EVERYTHING = "*"
FAN_OUT = "webhooks.fan_out"
"""The job that makes deliveries of events, and its queue."""
QUEUE = "webhooks"


def patterns_of(event: str) -> Sequence[str]:
    """What an endpoint may listen to, to hear of the event: it, all of its noun, everything."""
    return event, f"{event.partition('.')[0]}.*", EVERYTHING


PATTERNS = frozenset(pattern for event in CARRIED for pattern in patterns_of(event))
