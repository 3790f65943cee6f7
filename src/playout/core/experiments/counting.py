"""Counting what the visitors of an experiment did: once for days that are over, and when asked."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from playout.core.analytics.subjects import variant_subject
from playout.core.analytics.writing import start_of
from playout.core.experiments import visitors
from playout.core.experiments.model import Experiment, Goal
from playout.core.experiments.statistics import Counted

GOALS = {Goal.PLAY: "play", Goal.COMPLETE: "complete", Goal.CTA: "cta"}


def counted(session: Session, experiment: Experiment, now: datetime) -> dict[str, Counted]:
    """Return what the visitors of each variant did, by its key."""
    rows = visitors.read(session, experiment, _values(experiment, experiment.ended_at or now))
    found = {row["variant"]: row for row in rows}
    goal = GOALS[experiment.goal]
    return {
        key: Counted(found[key]["visitors"], found[key][goal]) if key in found else Counted(0, 0)
        for key in (each["key"] for each in experiment.variants)
    }


def keep_days(session: Session, experiment: Experiment, today: date) -> None:
    """Count the days (UTC) that are over, once for all. Single events are deleted some day."""
    end = min(start_of(today), experiment.ended_at or start_of(today))
    visitors.keep(session, experiment, _values(experiment, end))
    experiment.counted_through = today - timedelta(1)


def _values(experiment: Experiment, end: datetime) -> dict[str, object]:
    through = experiment.counted_through
    start = experiment.created_at if through is None else start_of(through + timedelta(1))
    subjects = [variant_subject(experiment.id, each["key"]) for each in experiment.variants]
    return {"id": experiment.id, "subjects": subjects, "start": start, "end": end}
