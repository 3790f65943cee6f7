"""The totals of videos, which every answer about a video shows, and which order lists."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from playout.core.analytics.model import ROLLED_DAYS
from playout.core.analytics.subjects import video_subject
from playout.core.analytics.writing import days_with_events, start_of
from playout.core.unit import WriteUnit, answers_key
from playout.core.videos.model import Video

RECENT = timedelta(7)
CHANGED = text(
    "SELECT DISTINCT subject FROM analytics_events CROSS JOIN LATERAL unnest(subjects) AS subject"
    " WHERE at >= :since AND starts_with(subject, 'video:')"
)
UPDATE = text("""
WITH uncounted AS (
    SELECT
        subject, bool_or(kind = 'view')::int AS views, bool_or(kind = 'play')::int AS plays,
        coalesce(
            sum(to_ms - from_ms) FILTER (WHERE kind = 'watch'),
            sum(to_ms - from_ms) FILTER (WHERE kind = 'loaded'), 0
        ) AS watched_ms,
        bool_or(kind = 'cta')::int AS cta_clicks
    FROM analytics_events CROSS JOIN LATERAL unnest(subjects) AS subject
    WHERE at >= :uncounted_from AND (at AT TIME ZONE 'UTC')::date = ANY(:uncounted)
        AND subjects && :subjects AND subject = ANY(:subjects)
    GROUP BY subject, (at AT TIME ZONE 'UTC')::date, view
),
parts AS (
    SELECT subject, views, plays, plays AS recent_plays, watched_ms, cta_clicks FROM uncounted
    UNION ALL
    SELECT
        subject, views, plays, CASE WHEN at >= :recent THEN plays ELSE 0 END, watched_ms, cta_clicks
    FROM analytics_counts
    WHERE subject = ANY(:subjects) AND whole_day AND dimension = ''
        AND (at AT TIME ZONE 'UTC')::date <> ALL(:uncounted)
),
totals AS (
    SELECT
        substr(subject, 7)::bigint AS id, sum(views) AS views, sum(plays) AS plays,
        sum(recent_plays) AS recent_plays, sum(watched_ms) / 1000 AS watch_seconds,
        sum(cta_clicks) AS cta_clicks
    FROM parts GROUP BY subject
)
UPDATE videos SET
    views = totals.views, plays = totals.plays, recent_plays = totals.recent_plays,
    watch_seconds = trunc(totals.watch_seconds), cta_clicks = totals.cta_clicks
FROM totals WHERE videos.id = totals.id AND (
    videos.views, videos.plays, videos.recent_plays, videos.watch_seconds, videos.cta_clicks
) IS DISTINCT FROM (
    totals.views, totals.plays, totals.recent_plays, trunc(totals.watch_seconds), totals.cta_clicks
)
RETURNING videos.id, videos.organization_id
""")


def changed_since(session: Session, since: datetime) -> list[str]:
    """Return the subjects of the videos that viewers watched since then."""
    return list(session.scalars(CHANGED, {"since": since}))


def recently_played(session: Session) -> list[str]:
    """Return the subjects of the videos that were played in the last days."""
    ids = session.scalars(select(Video.id).where(Video.recent_plays > 0))
    return [video_subject(each) for each in ids]


def update_totals(unit: WriteUnit, subjects: Sequence[str], today: date) -> list[Row[int, int]]:
    """Write the totals of videos into their rows, and invalidate the answers that show them.

    It is no change of a video: neither its time nor the ledger tells of it.
    """
    counted = set(unit.session.scalars(select(ROLLED_DAYS.c.day)))
    uncounted = [each for each in days_with_events(unit.session) if each not in counted]
    values = {
        "subjects": list(subjects),
        "uncounted": uncounted,
        "uncounted_from": start_of(min(uncounted, default=today)),
        "recent": start_of(today - RECENT),
    }
    changed = list(unit.session.execute(UPDATE, values))
    unit.invalidate(*(answers_key(organization_id) for _, organization_id in changed))
    return changed
