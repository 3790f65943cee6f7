"""The subjects of events, and the signed token in which a page names them."""

import base64
import binascii
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from playout.kit.signing import Signer

PURPOSE = "analytics"
TOKEN_LENGTH = 600
MOST_TOKENS = 2_000
"""Tokens that are remembered: all viewers of a page have the same."""


@dataclass(frozen=True, slots=True)
class Viewed:
    """The content of a page, as its token says.

    `subjects` are all that its events are counted for. `duration_ms` is None if it is not known.
    `recipient` is the id of the only person that the page is for. Nothing is added up for it, and
    the events do not name it.
    """

    subjects: tuple[str, ...]
    duration_ms: int | None = None
    recipient: UUID | None = None


def video_subject(video_id: int) -> str:
    """Return the subject of all events of a video."""
    return f"video:{video_id}"


def project_subject(project_id: int) -> str:
    """Return the subject of all events of the videos of a project."""
    return f"project:{project_id}"


def publication_subject(publication_id: str) -> str:
    """Return the subject of the events of one publication of a video, on its watch page."""
    return f"publication:{publication_id}"


def share_subject(project_id: int, channel: str) -> str:
    """Return the subject of the events of a share."""
    return f"share:{project_id}:{channel}"


def link_subject(link_id: int) -> str:
    """Return the subject of the events of a guest link."""
    return f"link:{link_id}"


def distribution_subject(distribution_id: int) -> str:
    """Return the subject of the events of a distribution."""
    return f"distribution:{distribution_id}"


def activation_subject(activation_id: int) -> str:
    """Return the subject of the events of an activation."""
    return f"activation:{activation_id}"


def variant_subject(experiment_id: int, key: str) -> str:
    """Return the subject of the events of the page of one variant of an experiment."""
    return f"experiment:{experiment_id}:{key}"


def sign(signer: Signer, viewed: Viewed) -> str:
    """Return the token of a page. It does not expire, because pages are kept in memory."""
    claims = _claims(viewed)
    return f"{claims}.{signer.signature(PURPOSE, claims)}"


@lru_cache(MOST_TOKENS)
def verify(signer: Signer, token: str) -> Viewed | None:
    """Return what a token says; None if Playout did not sign it."""
    claims, _, signature = token.partition(".")
    if len(token) > TOKEN_LENGTH or not signer.verify(PURPOSE, claims, signature):
        return None
    try:
        said = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    except (ValueError, binascii.Error):
        return None
    recipient = UUID(said["for"]) if "for" in said else None
    return Viewed(tuple(said["of"]), said["ms"], recipient)


def _claims(viewed: Viewed) -> str:
    said: dict[str, Any] = {"of": viewed.subjects, "ms": viewed.duration_ms}
    if viewed.recipient is not None:
        said["for"] = str(viewed.recipient)
    claims = json.dumps(said, separators=(",", ":"))
    return base64.urlsafe_b64encode(claims.encode()).decode().rstrip("=")
