"""Imports: rows are checked and written in batches while they arrive.

Each batch is a transaction of its own, together with how far the import has got. An import that
broke off goes on when the same rows come again with the same key: those that are in the database
already are recognized and skipped.
"""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from playout.core.film_templates.model import FilmTemplate
from playout.core.ledger.model import FieldChanges
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.projects.channel import Channel
from playout.core.recipients import queries
from playout.core.recipients.checks import RowCheck, RowRefused
from playout.core.recipients.model import MOST_ERRORS, MOST_ROWS, RecipientImport
from playout.core.recipients.private import encrypted
from playout.core.recipients.rows import CsvRows, Row, Rows
from playout.core.shares import service as shares
from playout.core.shares.model import Share, share_subject
from playout.core.unit import WriteUnit
from playout.kit.encryption import SecretCipher
from playout.kit.errors import Conflict, Invalid, PlayoutError, TooLarge, require_found
from playout.kit.ids import random_slug, uuid7
from playout.kit.signing import Signer

BATCH = 2_000
"""Rows of one transaction."""
_PURPOSE = "recipient_import"


class OtherRows(PlayoutError):
    """The key belongs to an import of other rows."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class NewImport:
    """An import to begin, or to go on with if its key is known."""

    project_uid: UUID
    channel: Channel
    resume_key: bytes | None
    expires_at: datetime | None
    """The end of recipients whose rows do not say it; None for `days` from now on."""
    days: int


OpenUnit = Callable[[], AbstractContextManager[WriteUnit]]


def begin(unit: WriteUnit, new: NewImport) -> tuple[RecipientImport, Share]:
    """Return an import that begins, or one that goes on or is completed already.

    Raise `Forbidden`, `NotFound` for the project and the share, and `Conflict` when the project is
    archived, or the channel holds no template.
    """
    unit.principal.require(Permission.SHARES_WRITE)
    project = projects.get_for_update(unit, new.project_uid)
    projects.check_not_archived(project)
    share = shares.get(unit, project.id, new.channel)
    if new.resume_key is not None:
        known = queries.import_of_key(unit, share, new.resume_key)
        if known is not None:
            return known, share
    if new.expires_at is not None and new.expires_at <= unit.now:
        problem = "It must be in the future."
        raise Invalid(f"expiresAt: {problem}", {"expiresAt": problem})
    template = queries.template_of(unit, share)
    if template is None:
        raise Conflict("This channel holds no template: publish one to it.")
    begun = RecipientImport(
        id=uuid7(),
        project_id=project.id,
        channel=new.channel,
        resume_key=new.resume_key,
        template_id=template.id,
        expires_at=new.expires_at or unit.now + timedelta(days=new.days),
        digest=b"",
        created_by=unit.principal.name,
        created_at=unit.now,
        updated_at=unit.now,
    )
    unit.session.add(begun)
    unit.session.flush()
    changes = {"import": [None, str(begun.id)]}
    unit.record("recipients.import_started", share_subject(project, new.channel), changes)
    return begun, share


class Importer:
    """Takes the bytes of a file, and writes its rows. It is used by one thread at a time."""

    def __init__(
        self,
        open_unit: OpenUnit,
        new: NewImport,
        rows: Rows,
        cipher: SecretCipher,
        signer: Signer,
    ) -> None:
        self._open_unit, self._rows, self._cipher = open_unit, rows, cipher
        with open_unit() as unit:
            begun, share = begin(unit, new)
            self.id, self.was_complete = begun.id, begun.completed_at is not None
            self._known, self._known_digest = begun.rows_read, begun.digest
            self._expires_at, self._template_id = begun.expires_at, begun.template_id
            self._share = share.project_id, share.channel
            template = unit.session.get_one(FilmTemplate, begun.template_id)
            self._check = RowCheck(template, unit.now, is_typed=rows.is_typed)
        self._key = signer.digest(_PURPOSE, str(self.id))
        self._digest = b""
        self._read = 0
        self._batch: list[Row] = []
        self._has_names = False

    def feed(self, chunk: bytes, *, is_last: bool = False) -> None:
        """Take the next bytes. Raise `Invalid` for a file that cannot be read on, `TooLarge`,
        `OtherRows`, and `Conflict` if another request goes on with the same import."""
        for row in self._rows.feed(chunk, is_last=is_last):
            self._take_names()
            self._add(row)
        self._take_names()
        if is_last:
            self._finish()

    def result(self) -> RecipientImport:
        """Return the import as it is now."""
        with self._open_unit() as unit:
            found = require_found(queries.import_for_update(unit, self.id), "import")
            unit.session.expunge(found)
            return found

    def _take_names(self) -> None:
        if self._has_names or not isinstance(self._rows, CsvRows) or not self._rows.names:
            return
        self._has_names = True
        self._check.check_names(self._rows.names)
        self._digest = self._after("\t".join(self._rows.names))

    def _add(self, row: Row) -> None:
        self._read += 1
        if self._read > MOST_ROWS:
            raise TooLarge(f"An import may have {MOST_ROWS:,} rows at the most.")
        if self._read <= self._known:
            self._digest = self._after(row.text)
            if self._read == self._known and self._digest != self._known_digest:
                raise _other_rows()
            return
        if self.was_complete:
            raise _other_rows()
        self._batch.append(row)
        if len(self._batch) == BATCH:
            self._write(is_last=False)

    def _finish(self) -> None:
        if self._read < self._known:
            raise _other_rows()
        if not self.was_complete:
            self._write(is_last=True)

    def _write(self, *, is_last: bool) -> None:
        """Check the rows that wait, write those that are right, and note how far it got."""
        with self._open_unit() as unit:
            state = require_found(queries.import_for_update(unit, self.id), "import")
            if state.rows_read != self._known or state.completed_at is not None:
                raise Conflict("Another request goes on with this import, or has ended it.")
            if not queries.holds(unit, self._share, self._template_id):
                raise _other_template()
            written = [each for row in self._batch for each in self._checked(unit, state, row)]
            queries.insert(unit.session, written)
            state.rows_read += len(self._batch)
            state.accepted += len(written)
            state.refused = state.rows_read - state.accepted
            state.digest, state.updated_at = self._digest, unit.now
            if is_last:
                self._complete(unit, state)
        self._known += len(self._batch)
        self._batch.clear()

    def _checked(self, unit: WriteUnit, state: RecipientImport, row: Row) -> list[tuple[Any, ...]]:
        """Return the values of the recipient of a row; none for a row that is refused."""
        self._digest = self._after(row.text)
        try:
            private, expires_at = self._check.read(row)
        except RowRefused as refused:
            room = MOST_ERRORS - len(state.errors)
            state.errors = [*state.errors, *map(list, refused.errors[:room])]
            return []
        secret = encrypted(self._cipher, private)
        expiry = expires_at or self._expires_at
        place = *self._share, self.id
        return [(uuid7(), *place, random_slug(), secret, unit.now, expiry, 0)]

    def _complete(self, unit: WriteUnit, state: RecipientImport) -> None:
        state.completed_at = unit.now
        share = require_found(unit.session.get(Share, self._share), "share")
        changes: FieldChanges = {
            "import": [None, str(state.id)],
            "accepted": [None, state.accepted],
            "refused": [None, state.refused],
        }
        unit.record("recipients.imported", share.subject, changes)

    def _after(self, text: str) -> bytes:
        whole = self._digest + text.encode(errors="surrogatepass")
        return hashlib.blake2b(whole, key=self._key, digest_size=32).digest()


def _other_rows() -> OtherRows:
    return OtherRows("This Idempotency-Key was used for another file.")


def _other_template() -> Conflict:
    return Conflict("The channel has got another template since. Begin a new import.")
