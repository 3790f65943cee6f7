"""A question over 90 days, in a database with 100,000,000 counts.

`python -m bench.rolled_up [count [folder]]` prints these lines alone. The folder stays, and is not
filled again.
"""

import os
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import text

from bench.measure import Result
from playout.core.analytics import service
from playout.core.analytics.spans import Interval, Span, span
from playout.core.principal import WORKER
from playout.kit.clock import utcnow
from playout.kit.database.embedded import EmbeddedPostgres
from playout.main import running
from playout.runtime import Runtime
from playout.settings import Settings

COUNTS = 100_000_000
DAYS, KEPT_DAYS = 90, 180
VALUES = {"country": 12, "device": 3, "referrer": 8, "site": 2, "rendition": 3}
OF_A_DAY = 1 + 96 + 28 + 28 * 96 // 3
"""Counts of a subject and day, with viewers in each quarter who have a third of the values."""
OF_A_SUBJECT = OF_A_DAY * KEPT_DAYS
SECONDS_OF_A_VIDEO = 600
ROUNDS, WITHIN = 60, 0.2
ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata")
FACTS = ", ".join(
    ["('', '', 0)"]
    + [f"('{name}', '{name}{n}', {n})" for name, most in VALUES.items() for n in range(most)]
)
FILL = f"""
INSERT INTO analytics_counts
SELECT 'video:' || number, {{whole_day}}, dimension, at, value, 9 + place, 7, 3, 1, 0, 6, 2000,
    400000, 1500, 8
FROM generate_series(1, %(subjects)s::int) AS number
CROSS JOIN (VALUES {FACTS}) AS fact (dimension, value, place)
CROSS JOIN generate_series(0, {{parts}} - 1) AS part
CROSS JOIN LATERAL (
    SELECT %(day)s::date::timestamp AT TIME ZONE 'UTC' + part * interval '15 minutes' AS at
) AS quarter
WHERE {{chosen}}
"""
QUARTERS = FILL.format(
    whole_day="false", parts=96, chosen="dimension = '' OR (part + place) %% 3 = 0"
)
DAYS_OF_COUNTS = FILL.format(whole_day="true", parts=1, chosen="true")
RETENTION = """
INSERT INTO analytics_seconds
SELECT 'video:' || number, whole_day, at, seconds, seconds, seconds
FROM generate_series(1, %(subjects)s::int) AS number
CROSS JOIN (VALUES (true, 1, 1), (false, 96, 60)) AS kept (whole_day, parts, every)
CROSS JOIN generate_series(0, parts - 1) AS quarter
CROSS JOIN LATERAL (
    SELECT %(day)s::date::timestamp AT TIME ZONE 'UTC' + quarter * interval '15 minutes' AS at
) AS begun
CROSS JOIN LATERAL (
    SELECT array_agg(second) AS seconds FROM generate_series(0, %(seconds)s::int, every) AS second
) AS seen
"""


def rolled_up(folder: Path, count: int = COUNTS) -> list[Result]:
    """Return the 95th percentile of all that one report reads, for each kind of question."""
    subjects = max(1, count // OF_A_SUBJECT)
    settings = Settings(data_dir=folder)
    with running(settings):
        pass  # its schema is up to date now
    _fill(folder, subjects)
    with running(settings) as runtime:
        return [
            _question(runtime, subjects, zone, interval) for interval in Interval for zone in ZONES
        ]


def _fill(data_dir: Path, subjects: int) -> None:
    """Write the counts of so many videos, day by day as the job does, unless there are any."""
    postgres = EmbeddedPostgres(data_dir / "postgres")
    try:
        with psycopg.connect(postgres.start(), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM analytics_counts LIMIT 1").fetchone():
                return
            connection.execute("SET statement_timeout = 0")
            connection.execute("SET maintenance_work_mem = '1GB'")
            # An index that is built at the end takes a quarter of the time.
            connection.execute("ALTER TABLE analytics_counts SET UNLOGGED")
            connection.execute("ALTER TABLE analytics_counts DROP CONSTRAINT pk_analytics_counts")
            connection.execute("DROP INDEX ix_analytics_counts_at")
            for days in range(KEPT_DAYS, 0, -1):
                day = utcnow().date() - timedelta(days)
                values = {"subjects": subjects, "day": day, "seconds": SECONDS_OF_A_VIDEO}
                for statement in (DAYS_OF_COUNTS, QUARTERS, RETENTION):
                    connection.execute(statement, values)
            connection.execute(
                "ALTER TABLE analytics_counts ADD CONSTRAINT pk_analytics_counts"
                " PRIMARY KEY (subject, whole_day, dimension, at, value)"
            )
            connection.execute("CREATE INDEX ix_analytics_counts_at ON analytics_counts (at)")
            connection.execute("VACUUM ANALYZE analytics_counts, analytics_seconds")
    finally:
        postgres.stop()


def _asked(zone: str, interval: Interval) -> Span:
    last: date = utcnow().date()
    return span(last - timedelta(DAYS - 1), last, zone, interval, utcnow())


def _question(runtime: Runtime, subjects: int, zone: str, interval: Interval) -> Result:
    asked, took = _asked(zone, interval), []
    before = _cpu(runtime)
    for number in range(ROUNDS):
        subject = f"video:{1 + number * 7919 % subjects}"
        began = time.perf_counter()
        with runtime.work.read(WORKER) as unit:
            service.report(unit, subject, asked)
        took.append(time.perf_counter() - began)
    ours, of_database = (
        (now - then) / ROUNDS * 1e3 for now, then in zip(_cpu(runtime), before, strict=True)
    )
    took.sort()
    detail = (
        f"p95 of {ROUNDS}, each of another video; median {took[ROUNDS // 2] * 1e3:.0f} ms,"
        f" of which {ours:.0f} ms of CPU here and {of_database:.0f} in PostgreSQL"
    )
    slow = took[int(ROUNDS * 0.95)]
    return Result(
        f"90 days of {OF_A_SUBJECT * subjects:,} counts by {interval}, {zone}",
        slow,
        WITHIN,
        "s",
        detail,
    )


def _cpu(runtime: Runtime) -> tuple[float, float]:
    """Return the seconds of CPU of this process, and of the connection that reads."""
    with runtime.database.read_session() as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
    ticks = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return time.process_time(), sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="playout-bench-") as name:
        place = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(name)
        for each in rolled_up(place, int(sys.argv[1]) if len(sys.argv) > 1 else COUNTS):
            sys.stdout.write(f"{each.name}: {each.ratio:.3f} {each.unit} ({each.detail})\n")
