"""The table of the ledger, the subjects of its rows, and the changes that they tell of."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from playout.kit.database.engine import Model

FieldChanges = Mapping[str, Sequence[Any]]
"""`{field: [before, after]}`, in values that JSON can hold."""


class Entry(Model):
    """An event: one row of the ledger. The database refuses to change or delete it."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index(None, "organization_id", "xid", "id"),
        Index(None, "xid", postgresql_using="brin"),
        Index(None, "subject_type", "subject_id", "id"),
        Index(None, "subject_type", "subject_id", "xid", "id"),
        Index(None, "organization_id", "subject_type", "xid", "id"),
        Index(None, "organization_id", "actor_kind", "actor_id", "xid", "id"),
        Index(None, "organization_id", "event", "xid", "id"),
        Index(None, "project_id", "xid", "id"),
        Index(None, "organization_id", "at"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    xid: Mapped[int] = mapped_column(server_default=text("((pg_current_xact_id())::text)::bigint"))
    """The transaction that wrote the row. Ids commit out of order; transactions tell which rows can
    still appear."""
    at: Mapped[datetime]
    event: Mapped[str]
    organization_id: Mapped[int | None]
    project_id: Mapped[int | None]
    sub_account_id: Mapped[int | None]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[str]
    actor_name: Mapped[str]
    api: Mapped[str]
    request_id: Mapped[str | None]
    changes: Mapped[dict[str, Any]]
    """As `FieldChanges`."""
    names: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """The ids of the subject in the four APIs, so that a receiver of the event can request it."""


class NewEntry(TypedDict):
    """An event to append: a value for every column but the id and the transaction."""

    at: datetime
    event: str
    organization_id: int | None
    project_id: int | None
    sub_account_id: int | None
    subject_type: str
    subject_id: str
    actor_kind: str
    actor_id: str
    actor_name: str
    api: str
    request_id: str | None
    changes: FieldChanges
    names: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of an event: its type, its public id, and the place that it belongs to.

    `names` holds ids only, by the noun that they identify: `{"video": {"id": 7, …}}`.
    """

    type: str
    id: str
    organization_id: int | None
    project_id: int | None = None
    sub_account_id: int | None = None
    names: Mapping[str, Any] = field(default_factory=dict)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return `{field: [before, after]}` of the fields that differ, in values that JSON can hold."""
    return {
        name: [_plain(before.get(name)), _plain(value)]
        for name, value in after.items()
        if _differ(before.get(name), value)
    }


def _differ(before: Any, after: Any) -> bool:
    """Compare as JSON does: in Python, 1, 1.0 and true are equal."""
    if isinstance(before, dict | list) or isinstance(after, dict | list):
        return json.dumps(before, sort_keys=True) != json.dumps(after, sort_keys=True)
    return bool(before != after) or isinstance(before, bool) is not isinstance(after, bool)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
