"""The unit of work: one transaction, with who asks, when, and what must commit with it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from playout.core.ledger.append import Ledger, NewEntry
from playout.core.ledger.model import Subject
from playout.core.principal import Principal
from playout.kit import jobs
from playout.kit.clock import utcnow
from playout.kit.db import Database, committing
from playout.kit.errors import PreconditionFailed
from playout.kit.invalidation import CHANNEL, Changes
from playout.kit.jobs import Arguments, Job
from playout.kit.metrics import Metrics

NOTIFY = text("SELECT pg_notify(:channel, :keys)")
KEYS_AT_ONCE = 50
"""PostgreSQL takes 8,000 bytes in a notification; a batch changes more than fits."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a write came in: which API (or `cli`, `jobs`), in which request."""

    api: str
    request_id: str | None = None


@dataclass(frozen=True)
class ReadUnit:
    """A read-only transaction."""

    session: Session
    principal: Principal

    @cached_property
    def now(self) -> datetime:
        """The time of the work: when it is first asked for, which is after what it waited for."""
        return utcnow()


@dataclass(frozen=True)
class WriteUnit(ReadUnit):
    """A transaction that changes things; all of it commits, or none."""

    origin: Origin
    ledger: Ledger
    if_match: str | None = None
    """The ETags, one of which the thing that is changed must have (RFC 9110)."""
    _entries: list[NewEntry] = field(default_factory=list)
    _changed: dict[str, None] = field(default_factory=dict)

    def record(
        self, event: str, subject: Subject, changes: Mapping[str, Any] | None = None
    ) -> None:
        """Write a row of the ledger with the commit; `changes` is `{field: [before, after]}`.

        What is kept in memory of the project is dropped with it: no use case can forget to.
        """
        self._entries.append(
            {
                "at": self.now,
                "event": event,
                "organization_id": subject.organization_id,
                "project_id": subject.project_id,
                "sub_account_id": subject.sub_account_id,
                "subject_type": subject.type,
                "subject_id": subject.id,
                "actor_kind": self.principal.kind,
                "actor_id": self.principal.id,
                "actor_name": self.principal.name,
                "api": self.origin.api,
                "request_id": self.origin.request_id,
                "changes": dict(changes or {}),
                "names": dict(subject.names),
            }
        )
        # What moves from one project to another changes both.
        places = {subject.project_id, *(changes or {}).get("project_id", ())} - {None}
        self.changed(*(project_key(each) for each in places))
        if subject.organization_id is not None:
            self.changed(ledger_key(subject.organization_id))

    def expect(self, etag: str | None) -> None:
        """See that what is about to change is what the caller looked at; None is nothing yet.

        Raises `PreconditionFailed`. Without `if_match` anything goes.
        """
        if self.if_match is None:
            return
        if etag is None:
            raise PreconditionFailed("There is nothing yet that could be as you saw it.")
        if not {"*", etag} & {tag.strip() for tag in self.if_match.split(",")}:
            raise PreconditionFailed("It has changed since: read it again, and then decide.")

    def defer(
        self, job: Job[Any, Arguments], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> None:
        """Defer a job: a worker runs it after the commit, and only then."""
        jobs.defer(self.session, job, *args, **kwargs)

    def changed(self, *keys: str) -> None:
        """Name what processes may hold in memory and must drop when this commits."""
        self._changed.update(dict.fromkeys(keys))

    @property
    def recorded(self) -> list[str]:
        """The types of what was recorded so far."""
        return [entry["event"] for entry in self._entries]

    @property
    def changes(self) -> list[str]:
        """The keys named so far."""
        return list(self._changed)

    def last_words(self) -> None:
        """What goes out with the commit: rows of the ledger with the job that sends them to
        webhooks, and the notice to other processes."""
        connection = self.session.connection()
        if self._entries:
            self.ledger.append(connection, self._entries)
        keys = self.changes
        for start in range(0, len(keys), KEYS_AT_ONCE):
            payload = "\n".join(keys[start : start + KEYS_AT_ONCE])
            connection.execute(NOTIFY, {"channel": CHANNEL, "keys": payload})


def project_key(project_id: int) -> str:
    """What is kept in memory of a project is kept, or tagged, with this."""
    return f"project:{project_id}"


def ledger_key(organization_id: int) -> str:
    """Who follows the ledger of an organization is woken by this."""
    return f"ledger:{organization_id}"


class Work:
    """Opens units of work over one database."""

    def __init__(
        self,
        database: Database,
        changes: Changes,
        metrics: Metrics | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self._database = database
        self._ledger = ledger or Ledger()
        self._changes = changes
        self._events = (metrics or Metrics()).events

    @contextmanager
    def read(self, principal: Principal) -> Iterator[ReadUnit]:
        with self._database.reading() as session:
            yield ReadUnit(session, principal)

    @contextmanager
    def write(
        self, principal: Principal, origin: Origin, if_match: str | None = None
    ) -> Iterator[WriteUnit]:
        """Commits when the block ends, before anybody is answered; nothing else commits."""
        with self._database.writing() as session:
            unit = WriteUnit(session, principal, origin, self._ledger, if_match)
            yield unit
            with committing(session):
                unit.last_words()
        # Others hear of it through the database; here it holds before the answer goes out.
        self._changes.announce(unit.changes)
        for event in unit.recorded:
            self._events.labels(event).inc()
