"""How rows come into the ledger, and with them the job that sends them to webhooks."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from playout.core.ledger.events import CARRIED, FAN_OUT, QUEUE

# One statement: the job names rows whose ids nobody has seen yet, and where no endpoint could hear
# of them there is none. So it costs no round trip, and commits with the rows or not at all.
ENTER = text(
    """
    WITH entered AS (
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
    FROM entered
    WHERE event = ANY(:carried) AND EXISTS (
        SELECT FROM webhook_endpoints AS endpoint
        WHERE endpoint.organization_id = entered.organization_id AND endpoint.state <> 'disabled'
    )
    HAVING count(*) > 0
    """
)
FIXED = {"queue": QUEUE, "job": FAN_OUT, "carried": list(CARRIED)}


def enter(connection: Connection, entries: Sequence[dict[str, Any]]) -> None:
    """Write rows, each a value for every column but the id."""
    told = json.dumps(entries, default=_spelled, ensure_ascii=False)
    connection.execute(ENTER, FIXED | {"entries": told})


def _spelled(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"The ledger cannot hold a {type(value).__name__}.")
