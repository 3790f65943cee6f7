"""Counting what the units of an experiment did: once for days that are over, and when asked."""

from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from playout.core.analytics.subjects import variant_subject
from playout.core.analytics.writing import start_of
from playout.core.experiments.model import Experiment, Goal
from playout.core.experiments.statistics import Counted

# A visitor is one unit of a day.
UNITS = """
seen AS (
    SELECT
        variant.subject AS variant, (at AT TIME ZONE 'UTC')::date AS day, visitor,
        bool_or(kind = 'play')::int AS play, bool_or(kind = 'complete')::int AS complete,
        bool_or(kind = 'cta')::int AS cta
    FROM analytics_events
    CROSS JOIN LATERAL (
        SELECT each AS subject FROM unnest(subjects) AS each WHERE each = ANY(:subjects)
    ) AS variant
    WHERE at >= :start AND at < :end AND subjects && :subjects
    GROUP BY 1, 2, 3
),
units AS (
    SELECT
        split_part(variant, ':', 3) AS variant, day, count(*) AS units, sum(play) AS play,
        sum(complete) AS complete, sum(cta) AS cta
    FROM seen GROUP BY 1, 2
)"""
KEEP = text(f"""
WITH {UNITS}
INSERT INTO experiment_counts (experiment_id, variant, day, units, play, complete, cta)
SELECT :id, variant, day, units, play, complete, cta FROM units
""")  # noqa: S608  a constant of this module
READ = text(f"""
WITH {UNITS},
whole AS (
    SELECT variant, units, play, complete, cta FROM units
    UNION ALL
    SELECT variant, units, play, complete, cta FROM experiment_counts WHERE experiment_id = :id
)
SELECT variant, sum(units)::bigint AS units, sum(play)::bigint AS play,
    sum(complete)::bigint AS complete, sum(cta)::bigint AS cta
FROM whole GROUP BY 1
""")  # noqa: S608
GOALS = {Goal.PLAY: "play", Goal.COMPLETE: "complete", Goal.CTA: "cta"}


def counted(session: Session, experiment: Experiment, now: datetime) -> dict[str, Counted]:
    """Return what the units of each variant did, by its key."""
    rows = session.execute(READ, _values(experiment, experiment.ended_at or now))
    found = {row["variant"]: row for row in rows.mappings()}
    goal = GOALS[experiment.goal]
    return {
        key: Counted(found[key]["units"], found[key][goal]) if key in found else Counted(0, 0)
        for key in (each["key"] for each in experiment.variants)
    }


def keep_days(session: Session, experiment: Experiment, today: date) -> None:
    """Count the days (UTC) that are over, once for all. Single events are deleted some day."""
    end = min(start_of(today), experiment.ended_at or start_of(today))
    session.execute(KEEP, _values(experiment, end))
    experiment.counted_through = today - timedelta(1)


def _values(experiment: Experiment, end: datetime) -> dict[str, object]:
    through = experiment.counted_through
    start = experiment.created_at if through is None else start_of(through + timedelta(1))
    subjects = [variant_subject(experiment.id, each["key"]) for each in experiment.variants]
    return {"id": experiment.id, "subjects": subjects, "start": start, "end": end}
