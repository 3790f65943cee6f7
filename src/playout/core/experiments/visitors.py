"""The queries of what the visitors of an experiment did, of days that are over and of others.

A visitor is one of a day. On the pages of guest links, each link is one visitor for ever.
"""

from typing import Any

from sqlalchemy import RowMapping, TextClause, text
from sqlalchemy.orm import Session

from playout.core.experiments.model import Experiment, PageKind

# The events of a variant since `start`, by whoever counts once.
SEEN = """
seen AS (
    SELECT
        split_part(variant.subject, ':', 3) AS variant, {person},
        bool_or(kind = 'play') AS play, bool_or(kind = 'complete') AS complete,
        bool_or(kind = 'cta') AS cta
    FROM analytics_events
    CROSS JOIN LATERAL (
        SELECT each AS subject FROM unnest(subjects) AS each WHERE each = ANY(:subjects)
    ) AS variant{link}
    WHERE at >= :start AND at < :end AND subjects && :subjects
    GROUP BY variant.subject, {by}
)"""
DAY = "(at AT TIME ZONE 'UTC')::date AS day"
OF_DAYS = f"""
{SEEN.format(person=DAY, by="visitor, day", link="")},
counted AS (
    SELECT
        variant, day, count(*) AS visitors, sum(play::int) AS play,
        sum(complete::int) AS complete, sum(cta::int) AS cta
    FROM seen GROUP BY variant, day
)"""
OF_LINKS = SEEN.format(
    person="split_part(link.subject, ':', 2)::bigint AS link_id",
    by="link.subject",
    link="""
    CROSS JOIN LATERAL (
        SELECT each AS subject FROM unnest(subjects) AS each WHERE starts_with(each, 'link:')
    ) AS link""",
)
COLUMNS = "variant, visitors, play, complete, cta"
SUMS = ", ".join(
    f"sum({name})::bigint AS {name}" for name in ("visitors", "play", "complete", "cta")
)
KEEP_DAYS = text(f"""
WITH {OF_DAYS}
INSERT INTO experiment_counts (experiment_id, day, {COLUMNS})
SELECT :id, day, {COLUMNS} FROM counted
""")
READ_DAYS = text(f"""
WITH {OF_DAYS},
whole AS (
    SELECT {COLUMNS} FROM counted
    UNION ALL
    SELECT {COLUMNS} FROM experiment_counts WHERE experiment_id = :id
)
SELECT variant, {SUMS} FROM whole GROUP BY variant
""")
KEEP_LINKS = text(f"""
WITH {OF_LINKS}
INSERT INTO experiment_links (experiment_id, link_id, variant, play, complete, cta)
SELECT :id, link_id, variant, play, complete, cta FROM seen
ON CONFLICT (experiment_id, link_id) DO UPDATE SET
    play = experiment_links.play OR excluded.play,
    complete = experiment_links.complete OR excluded.complete,
    cta = experiment_links.cta OR excluded.cta
""")
READ_LINKS = text(f"""
WITH {OF_LINKS},
whole AS (
    SELECT link_id, variant, play, complete, cta FROM seen
    UNION ALL
    SELECT link_id, variant, play, complete, cta FROM experiment_links WHERE experiment_id = :id
),
counted AS (
    SELECT
        variant, 1 AS visitors, bool_or(play)::int AS play, bool_or(complete)::int AS complete,
        bool_or(cta)::int AS cta
    FROM whole GROUP BY link_id, variant
)
SELECT variant, {SUMS} FROM counted GROUP BY variant
""")


def keep(session: Session, experiment: Experiment, values: dict[str, Any]) -> None:
    """Write what visitors did from `start` to `end` of the values beside what is kept already."""
    session.execute(_of_kind(experiment, KEEP_DAYS, KEEP_LINKS), values)


def read(session: Session, experiment: Experiment, values: dict[str, Any]) -> list[RowMapping]:
    """Return what visitors did with each variant: what is kept, and from `start` to `end`."""
    statement = _of_kind(experiment, READ_DAYS, READ_LINKS)
    return list(session.execute(statement, values).mappings())


def _of_kind(experiment: Experiment, days: TextClause, links: TextClause) -> TextClause:
    return links if experiment.kind is PageKind.LINKS else days
