"""The table of the ledger, and how a change is put into it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from playout.kit.db import Model


class Entry(Model):
    """One thing that happened. The database refuses to change or delete it."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index(None, "organization_id", "xid", "id"),
        Index(None, "xid", postgresql_using="brin"),
        Index(None, "subject_type", "subject_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    xid: Mapped[int] = mapped_column(server_default=text("((pg_current_xact_id())::text)::bigint"))
    """The transaction that wrote it. Ids commit out of order; these tell what can still come."""
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
    """`{field: [before, after]}`."""
    names: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """What the four APIs call the subject, so that whoever hears of it can ask for it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about: `type` and `id` as the public knows them, and whose it is.

    `names` are ids alone, by the noun that they are ids of: `{"video": {"id": 7, …}}`.
    """

    type: str
    id: str
    organization_id: int | None
    project_id: int | None = None
    sub_account_id: int | None = None
    names: Mapping[str, Any] = field(default_factory=dict)


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """`{field: [before, after]}` for the fields that differ, in values that JSON can hold."""
    return {
        name: [_plain(before.get(name)), _plain(value)]
        for name, value in after.items()
        if _differ(before.get(name), value)
    }


def _differ(before: Any, after: Any) -> bool:
    """As JSON tells values apart: in Python, 1, 1.0 and true are one."""
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
