"""Tables of recipients, and of the imports that they came with."""

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from playout.core.ledger.model import Subject
from playout.core.projects.channel import Channel
from playout.core.shares.model import Share
from playout.kit.database.engine import Model

REFERENCE_LENGTH = 200
MOST_ROWS = 100_000
"""Rows of one import."""
MOST_ERRORS = 100
"""Errors of rows that an import lists."""


class RecipientState(StrEnum):
    """The last thing that a recipient has done. Whoever opts out of being counted stays invited."""

    INVITED = "invited"
    OPENED = "opened"
    WATCHED = "watched"
    REVOKED = "revoked"


class ImportStatus(StrEnum):
    """The status of an import: completed when all its rows were read."""

    INCOMPLETE = "incomplete"
    COMPLETED = "completed"


class RowError(NamedTuple):
    """An error in a row: the line that it begins in, from 1 on. It never contains a value."""

    line: int
    field: str
    """A field of the template or of the row; "" for an error of the whole row."""
    message: str


def _of_share(table: str) -> ForeignKeyConstraint:
    columns = ["project_id", "channel"]
    targets = ["shares.project_id", "shares.channel"]
    return ForeignKeyConstraint(columns, targets, name=f"fk_{table}_share")


class RecipientImport(Model):
    """An import: how far it got, and what was wrong in it. It contains no personal data."""

    __tablename__ = "recipient_imports"
    __table_args__ = (
        _of_share("recipient_imports"),
        Index(None, "project_id", "channel", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[int]
    channel: Mapped[Channel]
    resume_key: Mapped[bytes | None] = mapped_column(unique=True)
    """A hash of the caller and of the key under which it may send the same rows again."""
    template_id: Mapped[UUID]
    """The template whose fields the rows were checked against."""
    expires_at: Mapped[datetime]
    """The end of the recipients whose rows do not say it."""
    digest: Mapped[bytes]
    """A keyed hash of everything that was read, by which the same rows are recognized."""
    rows_read: Mapped[int] = mapped_column(default=0)
    accepted: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    errors: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Each `RowError`, up to `MOST_ERRORS`."""
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]

    @property
    def status(self) -> ImportStatus:
        return ImportStatus.COMPLETED if self.completed_at else ImportStatus.INCOMPLETE


class Recipient(Model):
    """A person who got a link to a share, until the link expires or is deleted."""

    __tablename__ = "recipients"
    __table_args__ = (
        _of_share("recipients"),
        Index(None, "project_id", "channel", "id"),
        Index(None, "import_id", "id"),
        Index(None, "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[int]
    channel: Mapped[Channel]
    import_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(unique=True)
    """The unguessable part of the link."""
    secret: Mapped[bytes]
    """The data of the viewer and the reference, encrypted: see `private.Private`."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    watched_at: Mapped[datetime | None]
    views: Mapped[int] = mapped_column(default=0)

    share: Mapped[Share] = relationship()

    @property
    def subject(self) -> Subject:
        """Return the recipient as the ledger names it."""
        project = self.share.project
        names = {"recipient": {"project_id": str(project.uid), "id": str(self.id)}}
        return Subject("recipient", str(self.id), project.organization_id, project.id, names=names)

    @property
    def state(self) -> RecipientState:
        if self.revoked_at is not None:
            return RecipientState.REVOKED
        if self.watched_at is not None:
            return RecipientState.WATCHED
        return RecipientState.OPENED if self.opened_at else RecipientState.INVITED

    def admits(self, now: datetime) -> bool:
        """Return whether the link leads to anything now."""
        return self.revoked_at is None and now < self.expires_at
