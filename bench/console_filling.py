"""Organizations for the console: videos, campaigns, events and numbers, entered by SQL."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.gallery import publish_all
from bench.site import Server, found_organization
from playout.core.publications.video_pages import Place
from playout.core.videos.listing import Listing
from playout.kit.database.embedded import EmbeddedPostgres

MATCHES = 20
"""Videos that have the rare word."""
DAYS = 90
PLACES = 40
VIDEOS = """
INSERT INTO videos (uid, session_id, organization_id, project_id, title, description, visibility,
    is_draft, status, external_url, tag_ids, tag_names, language, is_active, settings, epoch, plays,
    recent_plays, created_at, created_by, updated_at, updated_by)
SELECT gen_random_uuid(), substr(md5(%(project)s || '-' || number), 1, 24), organization_id,
    CASE number %% 10 WHEN 0 THEN %(second)s ELSE id END, 'Film ' || number || ' about harbours',
    CASE number %% (%(count)s / %(matches)s) WHEN 7 THEN 'With a lighthouse.' END,
    (ARRAY['public', 'private', 'team', 'org'])[1 + number %% 4],
    number %% 3 = 0 OR number %% 50 = 3,
    CASE number %% 50 WHEN 3 THEN 'failed' ELSE 'completed' END,
    'https://cdn.example.com/v.mp4', '{}', '{}', 'en', true, '{}', 0, number * 7919 %% 10007,
    number * 7919 %% 1009, now() - number * interval '1 second', 'bench',
    now() - number * 7919 %% %(count)s * interval '1 second', 'bench'
FROM projects, generate_series(1, %(count)s::int) AS number WHERE id = %(project)s
"""
CHILDREN = """
INSERT INTO {table} (name, settings, video_id, created_at, created_by, updated_at, updated_by
    {column})
SELECT '{table} ' || number, '{settings}', videos.id, now(), 'bench', now(), 'bench' {value}
FROM videos, generate_series(1, 3) AS number
WHERE organization_id = %(organization)s AND videos.id %% 5 = 0
"""
ACTIVATION = '{"startDate": "2020-01-01", "endDate": "2096-01-01"}'
ENTRIES = (
    CHILDREN.format(table="distributions", settings="{}", column="", value=""),
    CHILDREN.format(
        table="activations", settings=ACTIVATION, column=", announced", value=", 'live'"
    ),
)
EVENTS = """
INSERT INTO ledger (at, event, organization_id, project_id, subject_type, subject_id, actor_kind,
    actor_id, actor_name, api, changes, names)
SELECT now() - number * interval '1 second',
    CASE number %% 10 WHEN 0 THEN 'video.published' ELSE 'video.created' END, %(organization)s,
    %(project)s, 'video', gen_random_uuid()::text, 'key', (number %% 3)::text, 'bench', 'console',
    '{}', '{}'
FROM generate_series(1, %(count)s::int) AS number
"""
NUMBERS = """
INSERT INTO analytics_counts
SELECT %(subject)s, part = 0, dimension, day + greatest(part - 1, 0) * interval '15 minutes', value,
    9, 7, 3, 1, 0, 6, 2000, 400000, 1500, 8
FROM generate_series(1, %(days)s::int) AS age
CROSS JOIN generate_series(0, 96) AS part
CROSS JOIN (VALUES ('', ''), ('country', 'DE'), ('country', 'FR'), ('device', 'phone')) AS fact
    (dimension, value)
CROSS JOIN LATERAL (
    SELECT (date_trunc('day', now() AT TIME ZONE 'UTC') - age * interval '1 day')
        AT TIME ZONE 'UTC' AS day
) AS begun
"""
PROJECTS = """
SELECT organizations.id, organizations.slug, max(projects.id)
FROM projects JOIN organizations ON organizations.id = organization_id
GROUP BY organizations.id HAVING min(projects.id) = %s
"""
MIDDLE = """
SELECT id, created_at FROM videos WHERE organization_id = %(organization)s
ORDER BY created_at DESC, id DESC OFFSET %(count)s / 2 LIMIT %(places)s
"""
MIDDLE_EVENT = """
SELECT xid, id FROM ledger WHERE organization_id = %(organization)s
ORDER BY xid DESC, id DESC OFFSET %(count)s / 2 LIMIT 1
"""


@dataclass(frozen=True)
class Organization:
    """The key of its administrator, its project, and values for the addresses of its pages."""

    slug: str
    key: str
    project: int
    places: list[dict[str, Any]]
    """Each has a `video` in the middle of the list, and the `cursor`, `before` and `event` of the
    pages that begin there."""


def filled(server: Server, data_dir: Path, counts: tuple[int, ...]) -> list[Organization]:
    """Found an organization with each of these numbers of videos; fewer than 20 are too few."""
    founded = []
    for count in counts:
        key, project = found_organization(data_dir, f"Console of {count}")
        server.ask("POST", "/api/Projects", key, {"name": "The second one"})
        founded.append((count, key, project))
    postgres = EmbeddedPostgres(data_dir / "postgres")
    try:
        with psycopg.connect(postgres.start(), autocommit=True) as connection:
            every = [_fill(connection, count, project) for count, _, project in founded]
            publish_all(connection)
            connection.execute("VACUUM ANALYZE")
            return [
                Organization(values["slug"], key, project, _places(connection, values))
                for values, (_, key, project) in zip(every, founded, strict=True)
            ]
    finally:
        postgres.stop()


def _fill(connection: psycopg.Connection[Any], count: int, project: int) -> dict[str, Any]:
    organization, slug, second = connection.execute(PROJECTS, [project]).fetchone() or (0, "", 0)
    values = {"count": count, "project": project, "second": second, "organization": organization}
    values |= {"matches": MATCHES, "places": PLACES, "days": DAYS}
    for statement in (VIDEOS, *ENTRIES, EVENTS):
        connection.execute(statement, values)
    film = connection.execute(MIDDLE, values).fetchone() or (0,)
    for subject in (f"project:{project}", f"video:{film[0]}"):
        connection.execute(NUMBERS, values | {"subject": subject})
    return values | {"film": film[0], "slug": slug}


def _places(connection: psycopg.Connection[Any], values: dict[str, Any]) -> list[dict[str, Any]]:
    (xid, event) = connection.execute(MIDDLE_EVENT, values).fetchone() or (0, 0)
    return [
        {
            "video": id,
            "film": values["film"],
            "project": values["second"],
            "cursor": Place(created_at, id).cursor(Listing(order="-created_at")),
            "event": f"{xid}-{event}",
        }
        for id, created_at in connection.execute(MIDDLE, values)
    ]
