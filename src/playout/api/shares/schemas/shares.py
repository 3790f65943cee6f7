"""The JSON of a share, of its audit trail, and of a rotated slug."""

from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from playout.api.shares.schemas.types import (
    CamelIn,
    CtaLabel,
    HttpUrl,
    Locale,
    Optional,
    Subtitle,
    Title,
    optional_time_out,
    time_out,
)
from playout.api.types import DateTimeOut, UriOut, UuidOut
from playout.core.ledger.model import Entry
from playout.core.ledger.redaction import redacted
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.core.shares.model import Share, ShareInput, ShareStatus

EXAMPLE: dict[str, Any] = {
    "publicTitle": "Your personalized credit card offer",
    "publicSubtitle": "See the offer prepared just for you",
    "locale": "es-CL",
    "ctaLabel": "Apply now",
    "ctaUrl": "https://bank.example.com/apply",
    "personalizationData": {"firstName": "Ana", "limit": 5000},
}


def _requires(one: str, other: str) -> dict[str, Any]:
    """Return a JSON Schema condition: when `one` has a text, `other` must have one, too."""
    present, required = (
        {"properties": {name: {"type": "string", "pattern": r"\S"}}, "required": [name]}
        for name in (one, other)
    )
    return {"if": present, "then": required}


class ShareIn(CamelIn):
    """A whole share. A field left out is cleared. `ctaLabel` and `ctaUrl` need each other."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [_requires("ctaLabel", "ctaUrl"), _requires("ctaUrl", "ctaLabel")],
            "examples": [EXAMPLE],
        }
    )

    public_title: Title
    public_subtitle: Optional[Subtitle] = None
    locale: Optional[Locale] = None
    cta_label: Optional[CtaLabel] = None
    cta_url: Optional[HttpUrl] = None
    personalization_data: dict[str, Any] | None = None
    credential_id: Optional[UUID] = Field(default=None, alias="apiCredentialId")
    video_uid: Optional[UUID] = Field(default=None, alias="videoId")

    def to_input(self) -> ShareInput:
        """Return the fields under the names that core gives them."""
        return ShareInput(**{name: getattr(self, name) for name in type(self).model_fields})


class ShareOut(TypedDict):
    """The landing page of a project for one channel."""

    projectId: UuidOut
    channel: Channel
    slug: str
    publicUrl: UriOut
    status: ShareStatus
    publicTitle: str
    publicSubtitle: str | None
    locale: str | None
    ctaLabel: str | None
    ctaUrl: UriOut | None
    personalizationData: dict[str, Any] | None
    apiCredentialId: UuidOut | None
    videoId: UuidOut | None
    createdAt: DateTimeOut
    updatedAt: DateTimeOut
    disabledAt: DateTimeOut | None
    disabledBy: str | None
    restoredAt: DateTimeOut | None
    restoredBy: str | None


class RotatedSlugOut(TypedDict):
    """The former slug of a landing page, and its new address."""

    previousSlug: str
    slug: str
    publicUrl: UriOut


class ActorOut(TypedDict):
    """The principal that made a change."""

    kind: str
    id: str
    name: str


class AuditEntryOut(TypedDict):
    """One event of a share. `changes` holds the values of each changed field, before and after."""

    event: str
    at: DateTimeOut
    actor: ActorOut
    api: str
    requestId: str | None
    changes: dict[str, Any]


def share_out(share: Share, project: Project, base_url: str) -> ShareOut:
    """Return the JSON of a share."""
    return {
        "projectId": str(project.uid),
        "channel": share.channel,
        "slug": share.slug,
        "publicUrl": _public_url(share, base_url),
        "status": share.status,
        "publicTitle": share.public_title,
        "publicSubtitle": share.public_subtitle,
        "locale": share.locale,
        "ctaLabel": share.cta_label,
        "ctaUrl": share.cta_url,
        "personalizationData": share.personalization_data,
        "apiCredentialId": _optional_text(share.credential_id),
        "videoId": _optional_text(share.video_uid),
        "createdAt": time_out(share.created_at),
        "updatedAt": time_out(share.updated_at),
        "disabledAt": optional_time_out(share.disabled_at),
        "disabledBy": share.disabled_by,
        "restoredAt": optional_time_out(share.restored_at),
        "restoredBy": share.restored_by,
    }


def rotated_slug_out(previous_slug: str, share: Share, base_url: str) -> RotatedSlugOut:
    """Return the JSON of a rotated slug."""
    return {
        "previousSlug": previous_slug,
        "slug": share.slug,
        "publicUrl": _public_url(share, base_url),
    }


def audit_entry_out(entry: Entry) -> AuditEntryOut:
    """Return the JSON of an event. Changed fields have the names that this API gives them."""
    changes = redacted(entry.subject_type, entry.changes)
    return {
        "event": entry.event,
        "at": time_out(entry.at),
        "actor": {"kind": entry.actor_kind, "id": entry.actor_id, "name": entry.actor_name},
        "api": entry.api,
        "requestId": entry.request_id,
        "changes": {_field_name(field): pair for field, pair in changes.items()},
    }


def _public_url(share: Share, base_url: str) -> str:
    return f"{base_url}/s/{share.slug}"


def _field_name(field: str) -> str:
    """Return the name that this API gives a field of core."""
    alias = ShareIn.model_fields[field].alias if field in ShareIn.model_fields else None
    return alias or to_camel(field)


def _optional_text(uid: UUID | None) -> str | None:
    return None if uid is None else str(uid)
