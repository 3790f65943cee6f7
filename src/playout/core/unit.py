"""The unit of work: one transaction, with its caller, its time, and what commits with it."""

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from playout.core.ledger.append import Ledger
from playout.core.ledger.metrics import EVENTS_COMMITTED
from playout.core.ledger.model import FieldChanges, NewEntry, Subject
from playout.core.ledger.recordable import Recordable, Timestamped
from playout.core.ledger.redaction import redacted
from playout.core.principal import Principal
from playout.kit import jobs
from playout.kit.clock import utcnow
from playout.kit.database.engine import Database, pipelined_commit
from playout.kit.database.statements import BoundStatement, Statement, fetch_together
from playout.kit.errors import PreconditionFailed
from playout.kit.etags import if_match, is_weak_in
from playout.kit.invalidation import CHANNEL, Invalidations
from playout.kit.jobs import Arguments, Job

NOTIFY = text("SELECT pg_notify(:channel, :keys)")
KEYS_AT_ONCE = 50
"""A notification of PostgreSQL holds 8,000 bytes, and a batch has more keys than fit in one."""
CREATED = ".created"
"""The end of the type of every event that tells of a new row."""

New = TypeVar("New", bound=Timestamped)


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of a write: an API (or `cli`, `jobs`), and the id of the request."""

    api: str
    request_id: str | None = None


@dataclass(frozen=True)
class ReadUnit:
    """A session that only reads. Each statement sees what is committed when it begins."""

    session: Session
    principal: Principal

    @cached_property
    def now(self) -> datetime:
        """The time of the work: when it is first asked for, which is after any wait for locks."""
        return utcnow()


@dataclass(frozen=True)
class WriteUnit(ReadUnit):
    """A transaction that changes things. All of it commits, or nothing.

    The rows of the ledger, the deferred jobs and the invalidations commit with the work.
    """

    origin: Origin
    ledger: Ledger
    if_match: str | None = None
    """The ETags of the request, one of which the changed row must have (RFC 9110)."""
    _entries: list[NewEntry] = field(default_factory=list)
    _keys: dict[str, None] = field(default_factory=dict)
    _reads: list[BoundStatement] = field(default_factory=list)
    _found: dict[Hashable, list[tuple[Any, ...]]] = field(default_factory=dict)

    def read_with_lock(self, statement: Statement, values: Mapping[str, Any]) -> None:
        """Have a statement run in one round trip with the one that locks a row, right after it."""
        self._reads.append((statement, values))

    def lock(self, statement: Statement, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a statement that locks them. Run those of `read_with_lock` with it."""
        self.session.flush()  # what is read must not be older than what this unit has changed
        reads = [*self._reads]
        self._reads.clear()
        rows, *others = fetch_together(self.session, [(statement, values), *reads])
        for read, found in zip(reads, others, strict=True):
            self._found[_key(*read)] = found
        return rows

    def read_with(
        self, statement: Statement, values: Mapping[str, Any]
    ) -> list[tuple[Any, ...]] | None:
        """Return, once, the rows that `lock` found for a statement with these values.

        None if `read_with_lock` was not called for it.
        """
        return self._found.pop(_key(statement, values), None)

    def record(
        self, event: str, about: Recordable | Subject, changes: FieldChanges | None = None
    ) -> None:
        """Append an event to the ledger at the commit; `changes` is `{field: [before, after]}`.

        Secrets in the changes are redacted. A row that was changed is touched, and everything that
        processes hold in memory of it is invalidated. A new row needs neither. Pass the subject
        instead of the row when the event changed nothing in the row.
        """
        subject = about if isinstance(about, Subject) else about.subject
        self._entries.append(self._entry(event, subject, changes or {}))
        # A row that moves from one project to another changes both.
        project_ids = {subject.project_id, *(changes or {}).get("project_id", ())} - {None}
        self.invalidate(*(project_key(each) for each in project_ids))
        organization_id = subject.organization_id
        if organization_id is not None:
            self.invalidate(ledger_key(organization_id), answers_key(organization_id))
        if isinstance(about, Recordable) and not event.endswith(CREATED):
            self.touch(about)

    def touch(self, row: Recordable | Timestamped) -> None:
        """Set when and by whom a row was changed, and invalidate what is held in memory of it.

        `record` does this. Call it for a change that leaves no event, and for a part of a row.
        """
        if isinstance(row, Timestamped):
            row.touch(self.now, self.principal.name)
        if isinstance(row, Recordable):
            self.invalidate(row)

    def stamp(self, row: New) -> New:
        """Return a new row with the time and the author of its creation."""
        row.stamp(self.now, self.principal.name)
        return row

    def invalidate(self, *changed: Recordable | str) -> None:
        """Have every process drop what it holds of a row, or under a key, when this commits.

        Of a row, that includes what it holds of its project, and answers that tell of its
        organization.
        """
        for each in changed:
            if isinstance(each, Recordable):
                self.invalidate(*each.cache_keys, answers_key(each.subject.organization_id))
                if each.subject.project_id is not None:
                    self.invalidate(project_key(each.subject.project_id))
            else:
                self._keys[each] = None

    def check_if_match(self, etag: str | None) -> None:
        """Raise `PreconditionFailed` unless the row is the one that the caller last saw.

        `etag` is None when the row does not exist yet. Without `if_match`, nothing is checked.
        """
        if self.if_match is None:
            return
        if etag is None:
            raise PreconditionFailed(
                "It does not exist yet, so no ETag can match: send the request without If-Match."
            )
        if if_match(self.if_match, etag):
            return
        if is_weak_in(self.if_match, etag):
            raise PreconditionFailed(
                "A weak ETag never matches in If-Match: send it without the W/ in front."
            )
        raise PreconditionFailed(
            "It has changed since you read it: read it again, then repeat your change."
        )

    def defer(
        self, job: Job[Any, Arguments], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> None:
        """Defer a job: a worker runs it after the commit, and only then."""
        jobs.defer(self.session, job, *args, **kwargs)

    @property
    def recorded(self) -> list[str]:
        """The types of the events that were recorded so far."""
        return [entry["event"] for entry in self._entries]

    @property
    def invalidated(self) -> list[str]:
        """The keys that were invalidated so far."""
        return list(self._keys)

    def flush_outbox(self) -> None:
        """Write what commits with the work: rows of the ledger, with the job that sends them to
        webhooks, and the notifications to other processes."""
        connection = self.session.connection()
        if self._entries:
            self.ledger.append(connection, self._entries)
        keys = self.invalidated
        for start in range(0, len(keys), KEYS_AT_ONCE):
            payload = "\n".join(keys[start : start + KEYS_AT_ONCE])
            connection.execute(NOTIFY, {"channel": CHANNEL, "keys": payload})

    def _entry(self, event: str, subject: Subject, changes: FieldChanges) -> NewEntry:
        return {
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
            "changes": redacted(subject.type, changes),
            "names": dict(subject.names),
        }


def project_key(project_id: int) -> str:
    """Return the key, or the tag, of what processes hold in memory of a project."""
    return f"project:{project_id}"


def ledger_key(organization_id: int) -> str:
    """Return the key that is invalidated by every event of an organization."""
    return f"ledger:{organization_id}"


def answers_key(organization_id: int | None) -> str:
    """Return the key that is invalidated by every change in an organization.

    It is the tag of the answers in memory that tell of the organization.
    """
    return f"answers:{organization_id}"


def _key(statement: Statement, values: Mapping[str, Any]) -> Hashable:
    return statement, tuple(sorted(values.items()))


class Work:
    """A factory of units of work over one database."""

    def __init__(
        self, database: Database, invalidations: Invalidations, ledger: Ledger | None = None
    ) -> None:
        self._database = database
        self._ledger = ledger or Ledger()
        self._invalidations = invalidations

    @contextmanager
    def read(self, principal: Principal) -> Iterator[ReadUnit]:
        with self._database.read_session() as session:
            yield ReadUnit(session, principal)

    @contextmanager
    def write(
        self, principal: Principal, origin: Origin, if_match: str | None = None
    ) -> Iterator[WriteUnit]:
        """Commit when the block ends, before anything is answered. Nothing else commits."""
        with self._database.write_session() as session:
            unit = WriteUnit(session, principal, origin, self._ledger, if_match)
            yield unit
            with pipelined_commit(session):
                unit.flush_outbox()
        # The commit notifies other processes. This one drops its old copies before it answers.
        self._invalidations.publish(unit.invalidated)
        for event in unit.recorded:
            EVENTS_COMMITTED.labels(event).inc()
