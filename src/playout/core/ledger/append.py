"""Appending rows to the ledger, and with them the job that sends them to webhooks."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from playout.core.ledger.events import CARRIED, FAN_OUT, QUEUE
from playout.core.ledger.model import NewEntry

# One statement, because the job names rows whose ids are known only inside it. It needs no further
# round trip, and it commits with the rows or not at all. No job is deferred for events that no
# endpoint could receive.
APPEND = text(
    """
    WITH appended AS (
        INSERT INTO ledger (
            at, event, organization_id, project_id, sub_account_id, subject_type, subject_id,
            actor_kind, actor_id, actor_name, api, request_id, changes, names
        )
        SELECT * FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS entry (
            at timestamptz, event text, organization_id bigint, project_id bigint,
            sub_account_id bigint, subject_type text, subject_id text,
            actor_kind text, actor_id text, actor_name text, api text, request_id text,
            changes jsonb, names jsonb
        )
        RETURNING id, event, organization_id
    )
    SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
        CAST(:queue AS text), CAST(:job AS text), 0, NULL, NULL,
        jsonb_build_object('event_ids', jsonb_agg(id)), NULL
    )::procrastinate_job_to_defer_v1])
    FROM appended
    WHERE event = ANY(:carried) AND EXISTS (
        SELECT FROM webhook_endpoints AS endpoint
        WHERE endpoint.organization_id = appended.organization_id AND endpoint.state <> 'disabled'
    )
    HAVING count(*) > 0
    """
)
FIXED = {"queue": QUEUE, "job": FAN_OUT, "carried": list(CARRIED)}


def append(connection: Connection, entries: Sequence[NewEntry]) -> None:
    """Append rows, with the job that sends them to webhooks, in one statement."""
    encoded = json.dumps(entries, default=_encode, ensure_ascii=False)
    connection.execute(APPEND, FIXED | {"entries": encoded})


def _encode(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"The ledger cannot hold a {type(value).__name__}.")
