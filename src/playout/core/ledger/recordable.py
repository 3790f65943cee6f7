"""Mixins for rows whose changes are recorded: a subject, times and authors, an ETag."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy.orm import Mapped

from playout.core.ledger.model import Subject


class Recordable:
    """A row that events of the ledger are about."""

    @property
    def subject(self) -> Subject:
        """Return the row as the ledger names it."""
        raise NotImplementedError

    @property
    def cache_keys(self) -> Sequence[str]:
        """Return the keys of what processes hold in memory and must drop when the row changes.

        The key of its project is not among them: that follows from the subject.
        """
        return ()


class Timestamped:
    """A row that says when it was created and when it was changed last."""

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def etag(self) -> str:
        """Return the entity tag, which is another one after each change (RFC 9110)."""
        kind: Any = type(self)
        key = "-".join(str(getattr(self, name)) for name in _primary_key(kind))
        return f'"{key}-{self.updated_at.timestamp():.6f}"'

    def stamp(self, now: datetime, author: str) -> None:  # noqa: ARG002
        """Note that the row is created."""
        self.created_at = self.updated_at = now

    def touch(self, now: datetime, author: str) -> None:  # noqa: ARG002
        """Note that the row was changed."""
        self.updated_at = now


class Authored(Timestamped):
    """A row that also says who created it and who changed it last, by their names."""

    created_by: Mapped[str]
    updated_by: Mapped[str]

    def stamp(self, now: datetime, author: str) -> None:
        super().stamp(now, author)
        self.created_by = self.updated_by = author

    def touch(self, now: datetime, author: str) -> None:
        super().touch(now, author)
        self.updated_by = author


@cache
def _primary_key(kind: Any) -> tuple[str, ...]:
    """Return the names of the primary key of a model, or of plain rows of it."""
    mapper = kind.__mapper__
    return tuple(mapper.get_property_by_column(column).key for column in mapper.primary_key)
