"""Counting: the one SQL text that makes counts of events.

It counts days that are over once for all, and days that are not when somebody asks.
"""

from playout.core.analytics.model import MEASURES

DIMENSIONS = ("country", "device", "referrer", "site")
"""The facts that divide the counts of pages. `rendition` divides what was watched."""

# PostgreSQL cannot know how many rows a part of a statement has, so no part joins two others.
# A page of which beacons tell is not told by its segments, too. These know no site and no referrer.
CHOSEN = """
chosen AS MATERIALIZED (
    SELECT
        {subject} AS subject, analytics_events.*,
        date_bin('15 minutes', min(at) OVER (PARTITION BY {subject}, view), '2000-01-01Z')
            AS quarter,
        kind = 'watch' OR kind = 'loaded'
            AND NOT bool_or(kind = 'watch') OVER (PARTITION BY {subject}, view) AS is_watched
    FROM analytics_events{each_subject}
    WHERE at >= :start AND at < :end{condition}
)"""
OF_ALL = CHOSEN.format(
    subject="each.subject",
    each_subject=" CROSS JOIN LATERAL unnest(subjects) AS each (subject)",
    condition="",
)
OF_ONE = CHOSEN.format(
    subject="CAST(:subject AS text)",
    each_subject="",
    condition=" AND subjects @> ARRAY[CAST(:subject AS text)]",
)
PAGES = """
pages AS MATERIALIZED (
    SELECT
        subject, view, quarter, min(at) AS at, min(visitor) AS visitor,
        max(country) AS country, max(device) AS device,
        max(referrer) AS referrer, max(site) AS site,
        bool_or(kind = 'view')::int AS views, bool_or(kind = 'play')::int AS plays,
        bool_or(kind = 'complete')::int AS completes, bool_or(kind = 'cta')::int AS cta_clicks,
        bool_or(kind = 'error')::int AS failures, bool_or(kind = 'start')::int AS starts,
        coalesce(min(ms) FILTER (WHERE kind = 'start'), 0) AS start_ms,
        coalesce(sum(to_ms - from_ms) FILTER (WHERE is_watched), 0) AS watched_ms,
        coalesce(sum(ms) FILTER (WHERE kind = 'wait'), 0) AS waited_ms
    FROM chosen GROUP BY subject, view, quarter
)"""
DIVIDED = f"""
divided AS (
    SELECT
        subject, dimension, value, quarter, views, plays, completes, cta_clicks, failures, starts,
        start_ms, watched_ms, waited_ms,
        (row_number() OVER (
            PARTITION BY subject, dimension, value, visitor ORDER BY at, view
        ) = 1)::int AS visitors
    FROM pages CROSS JOIN LATERAL (
        VALUES ('', ''), {", ".join(f"('{name}', {name})" for name in DIMENSIONS)}
    ) AS each (dimension, value)
    UNION ALL
    SELECT
        subject, 'rendition', rendition, quarter, 0, 1, 0, 0, 0, 0, 0,
        sum(to_ms - from_ms), 0, 0
    FROM chosen
    WHERE is_watched AND rendition IS NOT NULL
    GROUP BY subject, rendition, quarter, view
)"""
COUNTS = f"""
SELECT
    subject, grouping(quarter) = 1 AS whole_day, dimension, coalesce(quarter, :start) AS at, value,
    {", ".join(f"sum({name})::bigint AS {name}" for name in MEASURES)}
FROM divided GROUP BY GROUPING SETS (
    (subject, dimension, value, quarter), (subject, dimension, value)
)"""
# Second s of a video was seen if s + 0.5 s was: so splitting an interval counts nothing twice.
SEEN = """
seen AS MATERIALIZED (
    SELECT
        subject, view, quarter,
        int4range(ceil(from_ms / 1000.0 - 0.5)::int, ceil(to_ms / 1000.0 - 0.5)::int) AS seconds
    FROM chosen
    WHERE is_watched AND subject NOT LIKE 'project:%'
)"""
CHANGES = """
changes AS (
    SELECT subject, quarter, lower(seconds) AS second, 0 AS viewers, 1 AS plays
    FROM seen WHERE NOT isempty(seconds)
    UNION ALL
    SELECT subject, quarter, upper(seconds), 0, -1 FROM seen WHERE NOT isempty(seconds)
    UNION ALL
    SELECT subject, quarter, change.second, change.viewers, 0
    FROM (
        SELECT subject, quarter, unnest(range_agg(seconds)) AS seconds
        FROM seen WHERE NOT isempty(seconds) GROUP BY subject, view, quarter
    ) AS once
    CROSS JOIN LATERAL (VALUES (lower(seconds), 1), (upper(seconds), -1))
        AS change (second, viewers)
),
summed AS (
    SELECT
        subject, grouping(quarter) = 1 AS whole_day, coalesce(quarter, :start) AS at, second,
        sum(viewers)::int AS viewers, sum(plays)::int AS plays
    FROM changes GROUP BY GROUPING SETS ((subject, quarter, second), (subject, second))
    HAVING sum(viewers) <> 0 OR sum(plays) <> 0
)"""
SECONDS = """
SELECT
    subject, whole_day, at, array_agg(second ORDER BY second) AS seconds,
    array_agg(viewers ORDER BY second) AS viewers, array_agg(plays ORDER BY second) AS plays
FROM summed GROUP BY subject, whole_day, at"""

COUNT_DAY = (
    "INSERT INTO analytics_counts (subject, whole_day, dimension, at, value,"
    f" {', '.join(MEASURES)}) WITH {OF_ALL}, {PAGES}, {DIVIDED} {COUNTS}"
)
COUNT_SECONDS_OF_DAY = (
    "INSERT INTO analytics_seconds (subject, whole_day, at, seconds, viewers, plays)"
    f" WITH {OF_ALL}, {SEEN}, {CHANGES} {SECONDS}"
)
COUNTS_OF_SUBJECT = f"WITH {OF_ONE}, {PAGES}, {DIVIDED} {COUNTS}"
SECONDS_OF_SUBJECT = f"WITH {OF_ONE}, {SEEN}, {CHANGES} {SECONDS}"
