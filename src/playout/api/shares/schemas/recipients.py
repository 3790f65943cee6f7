"""The JSON of recipients, and of the imports that they come with."""

from collections.abc import Sequence
from uuid import UUID

from typing_extensions import TypedDict

from playout.api.shares.schemas.types import optional_time_out, time_out
from playout.api.types import DateTimeOut, UriOut, UuidOut
from playout.core.recipients.links import links_of
from playout.core.recipients.model import ImportStatus, Recipient, RecipientImport, RecipientState
from playout.core.recipients.private import decrypted
from playout.core.shares.model import Share
from playout.kit.encryption import SecretCipher
from playout.kit.errors import Invalid


class RowErrorOut(TypedDict):
    """An error in a row that begins in that line. It never contains a value."""

    line: int
    field: str
    message: str


class ImportOut(TypedDict):
    """An import: how many rows were read, accepted and refused, and the first hundred errors."""

    id: UuidOut
    status: ImportStatus
    rowsRead: int
    accepted: int
    refused: int
    errors: list[RowErrorOut]
    expiresAt: DateTimeOut
    createdBy: str
    createdAt: DateTimeOut
    updatedAt: DateTimeOut
    completedAt: DateTimeOut | None


class RecipientOut(TypedDict):
    """A person with a link of their own. The data of the film cannot be read.

    A share with a password has no posters and previews, because they would be seen without it.
    """

    id: UuidOut
    reference: str | None
    url: UriOut
    posterUrl: UriOut | None
    previewUrl: UriOut | None
    state: RecipientState
    views: int
    importId: UuidOut
    createdAt: DateTimeOut
    expiresAt: DateTimeOut
    openedAt: DateTimeOut | None
    watchedAt: DateTimeOut | None
    revokedAt: DateTimeOut | None


class RecipientsOut(TypedDict):
    """A page of recipients. `nextCursor` leads to the next page, and is null on the last one."""

    items: list[RecipientOut]
    nextCursor: str | None


def import_out(found: RecipientImport) -> ImportOut:
    """Return the JSON of an import."""
    return {
        "id": str(found.id),
        "status": found.status,
        "rowsRead": found.rows_read,
        "accepted": found.accepted,
        "refused": found.refused,
        "errors": [
            {"line": line, "field": field, "message": message}
            for line, field, message in found.errors
        ],
        "expiresAt": time_out(found.expires_at),
        "createdBy": found.created_by,
        "createdAt": time_out(found.created_at),
        "updatedAt": time_out(found.updated_at),
        "completedAt": optional_time_out(found.completed_at),
    }


def recipient_out(
    recipient: Recipient, share: Share, cipher: SecretCipher, base_url: str
) -> RecipientOut:
    """Return the JSON of a recipient."""
    links = links_of(recipient, share, base_url)
    return {
        "id": str(recipient.id),
        "reference": decrypted(cipher, recipient.secret).reference,
        "url": links.url,
        "posterUrl": links.poster_url,
        "previewUrl": links.preview_url,
        "state": recipient.state,
        "views": recipient.views,
        "importId": str(recipient.import_id),
        "createdAt": time_out(recipient.created_at),
        "expiresAt": time_out(recipient.expires_at),
        "openedAt": optional_time_out(recipient.opened_at),
        "watchedAt": optional_time_out(recipient.watched_at),
        "revokedAt": optional_time_out(recipient.revoked_at),
    }


def recipients_out(
    rows: Sequence[Recipient], limit: int, share: Share, cipher: SecretCipher, base_url: str
) -> RecipientsOut:
    """Return the JSON of a page; `rows` has one more than `limit` if another page follows."""
    shown = rows[:limit]
    return {
        "items": [recipient_out(each, share, cipher, base_url) for each in shown],
        "nextCursor": str(shown[-1].id) if len(rows) > limit else None,
    }


def read_cursor(cursor: str | None) -> UUID | None:
    """Return the id of the recipient that a page follows. Raise `Invalid`."""
    if not cursor:
        return None
    try:
        return UUID(cursor)
    except ValueError:
        reason = "It is not one that a list returned."
        raise Invalid(f"cursor: {reason}", {"cursor": reason}) from None
