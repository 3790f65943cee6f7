"""The JSON of shares."""

from typing import Any
from uuid import UUID

from pydantic import Field
from pydantic.alias_generators import to_camel

from playout.api.shares.fields import (
    CamelIn,
    Json,
    Label,
    Link,
    Locale,
    Optional,
    Subtitle,
    Title,
    time_out,
)
from playout.core.ledger.model import Entry
from playout.core.projects.model import Project
from playout.core.shares.model import Share, Wanted


class ShareIn(CamelIn):
    """A share, whole: what is left out goes."""

    public_title: Title
    public_subtitle: Optional[Subtitle] = None
    locale: Optional[Locale] = None
    cta_label: Optional[Label] = None
    cta_url: Optional[Link] = None
    personalization_data: dict[str, Any] | None = None
    credential_id: Optional[UUID] = Field(default=None, alias="apiCredentialId")
    video_uid: Optional[UUID] = Field(default=None, alias="videoId")

    def to_wanted(self) -> Wanted:
        return Wanted(**{name: getattr(self, name) for name in type(self).model_fields})


def share_out(share: Share, project: Project, base_url: str) -> Json:
    return {
        "projectId": str(project.uid),
        "channel": share.channel,
        "slug": share.slug,
        "publicUrl": public_url(share, base_url),
        "status": share.status,
        "publicTitle": share.public_title,
        "publicSubtitle": share.public_subtitle,
        "locale": share.locale,
        "ctaLabel": share.cta_label,
        "ctaUrl": share.cta_url,
        "personalizationData": share.personalization_data,
        "apiCredentialId": _text(share.credential_id),
        "videoId": _text(share.video_uid),
        "createdAt": time_out(share.created_at),
        "updatedAt": time_out(share.updated_at),
        "disabledAt": time_out(share.disabled_at),
        "disabledBy": share.disabled_by,
        "restoredAt": time_out(share.restored_at),
        "restoredBy": share.restored_by,
    }


def public_url(share: Share, base_url: str) -> str:
    return f"{base_url}/s/{share.slug}"


def entry_out(entry: Entry) -> Json:
    """Who did what and when, and through which API."""
    return {
        "event": entry.event,
        "at": time_out(entry.at),
        "actor": {"kind": entry.actor_kind, "id": entry.actor_id, "name": entry.actor_name},
        "api": entry.api,
        "requestId": entry.request_id,
        "changes": {_name(field): pair for field, pair in entry.changes.items()},
    }


def _name(field: str) -> str:
    """What this API calls a field of core."""
    alias = ShareIn.model_fields[field].alias if field in ShareIn.model_fields else None
    return alias or to_camel(field)


def _text(uid: UUID | None) -> str | None:
    return None if uid is None else str(uid)
