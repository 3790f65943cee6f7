"""Append rows to the ledger, and defer in the same statement the job that follows them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from playout.core.ledger.model import NewEntry
from playout.kit.jobs import Job

INSERT = """
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
"""
INSERT_AND_DEFER = """
    WITH appended AS ({insert} RETURNING id, event, organization_id)
    SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
        CAST(:queue AS text), CAST(:job AS text), CAST(:priority AS integer), NULL, NULL,
        jsonb_build_object(CAST(:argument AS text), jsonb_agg(id)), NULL
    )::procrastinate_job_to_defer_v1])
    FROM appended WHERE {condition}
    HAVING count(*) > 0
"""


@dataclass(frozen=True, slots=True)
class EventJob:
    """A job that gets the ids of new rows, of those for which `condition` holds.

    The condition is SQL about a row of `appended` (`id`, `event`, `organization_id`), with the
    parameters `values`. Where it holds for no row, no job is deferred.
    """

    job: Job[Any, [list[int]]]
    condition: str
    values: Mapping[str, Any]


class Ledger:
    """The writing side of the ledger. It does not know whose job it defers.

    The job needs the ids of the new rows, and only the statement that inserts them knows these. So
    the same statement defers it: it costs no round trip, and commits with the rows or not at all.
    """

    def __init__(self, follow_up: EventJob | None = None) -> None:
        self._statement, self._values = text(INSERT), dict[str, Any]()
        if follow_up is not None:
            job = follow_up.job
            self._statement = text(
                INSERT_AND_DEFER.format(insert=INSERT, condition=follow_up.condition)
            )
            self._values = {
                "queue": job.queue,
                "job": job.name,
                "priority": job.priority,
                "argument": job.parameters[0],
                **follow_up.values,
            }

    def append(self, connection: Connection, entries: Sequence[NewEntry]) -> None:
        """Append rows, and defer the job that follows them."""
        rows = json.dumps(entries, default=_encode, ensure_ascii=False)
        connection.execute(self._statement, self._values | {"entries": rows})


def _encode(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"The ledger cannot hold a {type(value).__name__}.")
