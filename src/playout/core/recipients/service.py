"""Use cases of recipients: list, get, revoke, delete one or all."""

from uuid import UUID

from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.projects.channel import Channel
from playout.core.recipients import queries
from playout.core.recipients.model import Recipient, RecipientImport
from playout.core.shares import service as shares
from playout.core.shares.model import Share
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.encryption import SecretCipher
from playout.kit.errors import require_found
from playout.kit.hooks import Hook

NOUN = "recipient"
RECIPIENTS_AT_ONCE = 1_000
MOST_IMPORTS = 100
"""Imports that are listed, the newest ones."""
recipients_removed: Hook[[WriteUnit, list[str]]] = Hook()
"""Recipients with these codes are deleted in this unit."""


def share_of(unit: ReadUnit, project_uid: UUID, channel: Channel) -> Share:
    """Return the share whose recipients are asked for.

    Raise `Forbidden`, and `NotFound`.
    """
    require_access(unit)
    return shares.get(unit, projects.get(unit, project_uid).id, channel)


def page(
    unit: ReadUnit,
    share: Share,
    after: UUID | None,
    limit: int,
    import_id: UUID | None = None,
) -> list[Recipient]:
    """Return recipients of a share in the order in which they were imported."""
    require_access(unit)
    return queries.page(unit, share, after, limit, import_id)


def get(unit: ReadUnit, share: Share, recipient_id: UUID) -> Recipient:
    """Return a recipient. Raise `NotFound`."""
    require_access(unit)
    return require_found(queries.by_id(unit, share, recipient_id), NOUN)


def revoke(unit: WriteUnit, share: Share, recipient_id: UUID) -> Recipient:
    """End a link for good; the recipient stays in the list. Doing it again changes nothing."""
    require_access(unit)
    recipient = require_found(queries.for_update(unit, share, recipient_id), NOUN)
    if recipient.revoked_at is None:
        recipient.revoked_at = unit.now
        unit.record("recipient.revoked", recipient.subject)
    return recipient


def reencrypt(unit: WriteUnit, cipher: SecretCipher, after: UUID | None) -> list[UUID]:
    """Encrypt the personal part of the next recipients with the first key; return their ids."""
    unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    found = queries.recipients_after(unit, after, RECIPIENTS_AT_ONCE)
    for recipient in found:
        recipient.secret = cipher.reencrypt(recipient.secret)
    return [recipient.id for recipient in found]


def remove(unit: WriteUnit, share: Share, recipient_id: UUID) -> None:
    """Delete a recipient, with the personal data and what is rendered for that person alone."""
    require_access(unit)
    recipient = require_found(queries.for_update(unit, share, recipient_id), NOUN)
    unit.record("recipient.deleted", recipient.subject)
    unit.session.delete(recipient)
    unit.session.flush()
    recipients_removed(unit, [recipient.code])


def remove_all(unit: WriteUnit, share: Share) -> None:
    """Delete all recipients of a share, and end imports that go on.

    If there are none, nothing changes.
    """
    require_access(unit)
    queries.end_imports(unit, share)
    count = 0
    while codes := queries.delete_some(unit, share, RECIPIENTS_AT_ONCE):
        recipients_removed(unit, codes)
        count += len(codes)
    if count:
        unit.record("recipients.deleted", share.subject, {"recipients": [count, 0]})


def imports(unit: ReadUnit, share: Share) -> list[RecipientImport]:
    """Return the imports of a share, newest first."""
    require_access(unit)
    return queries.imports(unit, share, MOST_IMPORTS)


def get_import(unit: ReadUnit, share: Share, import_id: UUID) -> RecipientImport:
    """Return an import. Raise `NotFound`."""
    require_access(unit)
    return require_found(queries.import_of(unit, share, import_id), "import")


def require_access(unit: ReadUnit) -> None:
    """Raise `Forbidden` for whoever may not see recipients."""
    # Their links open films with their names: only those see them who may change the share.
    unit.principal.require(Permission.SHARES_WRITE)
