"""The types of events that webhooks carry: declared here, listed by the documents."""

from collections.abc import Sequence

CARRIED = {
    "video.status_changed": "A video came to stand elsewhere on its way to being playable.",
    "video.published": "A video is out.",
    "video.updated": "A video, or its publication, was changed.",
    "video.unpublished": "A video is out no longer.",
    "distribution.updated": "A distribution was changed, or its packaging got further.",
    "activation.started": "A campaign has begun.",
    "activation.ended": "A campaign is over.",
    "share.created": "A landing page was made.",
    "share.updated": "A landing page was changed.",
    "share.disabled": "A landing page was switched off.",
    "share.restored": "A landing page was switched on again.",
    "share.rotated": "A landing page has another address.",
    "credential.created": "A render credential was made.",
    "credential.revoked": "A render credential was revoked.",
    "webhook.disabled": "Playout has given an endpoint up; its other endpoints hear of it.",
    "webhook.test": "Somebody asked for a trial; it goes to that endpoint, whatever it listens to.",
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
