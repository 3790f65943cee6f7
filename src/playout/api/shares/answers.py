"""What the Shares API answers of shares."""

from typing import Any
from uuid import UUID

from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from playout.api.formats import Moment, Uid, Uri
from playout.api.shares.fields import maybe_time, time_out
from playout.api.shares.wire import ShareIn
from playout.core.ledger.model import Entry
from playout.core.projects.model import Project
from playout.core.shares.model import Channel, Share, ShareStatus


class ShareOut(TypedDict):
    """The landing page of a project for one channel."""

    projectId: Uid
    channel: Channel
    slug: str
    publicUrl: Uri
    status: ShareStatus
    publicTitle: str
    publicSubtitle: str | None
    locale: str | None
    ctaLabel: str | None
    ctaUrl: Uri | None
    personalizationData: dict[str, Any] | None
    apiCredentialId: Uid | None
    videoId: Uid | None
    createdAt: Moment
    updatedAt: Moment
    disabledAt: Moment | None
    disabledBy: str | None
    restoredAt: Moment | None
    restoredBy: str | None


class RotatedOut(TypedDict):
    """The address that a landing page had, and the one that it has."""

    previousSlug: str
    slug: str
    publicUrl: Uri


class Actor(TypedDict):
    """Who did something."""

    kind: str
    id: str
    name: str


class EntryOut(TypedDict):
    """Who did what and when, and through which API; `changes` has before and after."""

    event: str
    at: Moment
    actor: Actor
    api: str
    requestId: str | None
    changes: dict[str, Any]


def share_out(share: Share, project: Project, base_url: str) -> ShareOut:
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
        "disabledAt": maybe_time(share.disabled_at),
        "disabledBy": share.disabled_by,
        "restoredAt": maybe_time(share.restored_at),
        "restoredBy": share.restored_by,
    }


def public_url(share: Share, base_url: str) -> str:
    return f"{base_url}/s/{share.slug}"


def entry_out(entry: Entry) -> EntryOut:
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
