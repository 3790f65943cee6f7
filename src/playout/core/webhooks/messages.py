"""From rows of the ledger to deliveries: one for each event and each endpoint that listens."""

import json
from collections.abc import Sequence

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from playout.core.accounts.model import Organization
from playout.core.ledger.model import Entry
from playout.core.ledger.redaction import redacted
from playout.core.projects.model import Project
from playout.core.webhooks.events import TEST, patterns_of

EventRow = Row[Entry, Organization, Project | None]

# One statement, so that a message and its deliveries appear together. A test event goes to the
# endpoint that is tested, whatever that endpoint listens to.
INSERT = text(
    """
    WITH listening AS (
        SELECT id FROM webhook_endpoints
        WHERE organization_id = :organization_id AND state <> 'disabled' AND CASE
            WHEN CAST(:tested AS bigint) IS NOT NULL THEN id = :tested
            ELSE event_types && CAST(:patterns AS text[])
                AND (project_ids IS NULL OR CAST(:project_id AS bigint) = ANY(project_ids))
        END
    ), message AS (
        INSERT INTO webhook_messages (event_id, organization_id, type, at, body)
        SELECT :event_id, :organization_id, :type, :at, :body
        WHERE EXISTS (SELECT FROM listening)
        ON CONFLICT DO NOTHING
    )
    INSERT INTO webhook_deliveries (organization_id, event_id, endpoint_id)
    SELECT :organization_id, :event_id, id FROM listening
    ON CONFLICT DO NOTHING
    RETURNING endpoint_id
    """
)


def fan_out(session: Session, event_ids: Sequence[int]) -> set[int]:
    """Insert the deliveries of events; return the ids of the endpoints that have new ones.

    To do it again changes nothing.
    """
    return {endpoint for row in _events(session, event_ids) for endpoint in _insert(session, row)}


def body(row: EventRow) -> bytes:
    """Return the message, as every receiver gets it in every attempt.

    `sequence` is the id of the ledger row. Of two messages about one thing, the one with the higher
    sequence is the later: a transaction that changes a thing locks it until the row is written.
    """
    entry, organization, project = row
    message = {
        "type": entry.event,
        "timestamp": entry.at.isoformat(),
        "sequence": entry.id,
        "data": {
            "organization": {"id": organization.id, "uid": str(organization.uid)},
            "project": {"id": project.id, "uid": str(project.uid)} if project else None,
            **entry.names,
            "changes": redacted(entry.subject_type, entry.changes),
            "actor": {"kind": entry.actor_kind, "id": entry.actor_id, "name": entry.actor_name},
            "api": entry.api,
            "request_id": entry.request_id,
        },
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _events(session: Session, event_ids: Sequence[int]) -> Sequence[EventRow]:
    return session.execute(
        select(Entry, Organization, Project)
        .join(Organization, Organization.id == Entry.organization_id)
        .outerjoin(Project, Project.id == Entry.project_id)
        .where(Entry.id.in_(event_ids))
        .order_by(Entry.id)
    ).all()


def _insert(session: Session, row: EventRow) -> Sequence[int]:
    entry = row[0]
    values = {
        "event_id": entry.id,
        "organization_id": entry.organization_id,
        "project_id": entry.project_id,
        "type": entry.event,
        "at": entry.at,
        "body": body(row),
        "patterns": list(patterns_of(entry.event)),
        "tested": int(entry.subject_id) if entry.event == TEST else None,
    }
    return session.scalars(INSERT, values).all()
