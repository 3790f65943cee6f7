"""Lists of a million rows, beside the same lists of a thousand: every order, filter and search."""

from pathlib import Path

import psycopg

from bench.measure import Result, by_turns, in_process
from bench.site import Server, found_organization, get
from playout.core.videos.listing import ORDERINGS
from playout.kit.database.embedded import EmbeddedPostgres

FEW, MANY = 1_000, 1_000_000
ROUNDS = 5
EACH = 60
WARMUP = 10
WITHIN = 1.3
LISTS = {
    **{f"ordering={each}": f"/api/v1/videos/?ordering={each}" for each in ORDERINGS},
    **{
        each: f"/api/v1/videos/?{each}"
        for each in (
            *("page=100&page_size=10", "status=completed", "status=failed", "visibility=private"),
            *("visibility=team", "is_draft=true", "language=de", "category=999999"),
            *("owner=1", "tags=999999", "search=video", "search=missing"),
        )
    },
    "last page": "/api/v1/videos/?page_size=200&page={last}",
    "productions": "/productions",
    "sessions": "/v1/video/list_completed_video_sessions?limit=20",
    **{
        f"events {each}": f"/api/v1/events/?{each}"
        for each in (
            *("", "type=video.created", "type=share.*", "subject=video", "actor=key"),
            *("since=2020-01-01T00:00:00Z", "since=2100-01-01T00:00:00Z"),
        )
    },
}
ENTER = """
INSERT INTO videos (uid, session_id, organization_id, project_id, title, visibility, is_draft,
    status, external_url, tag_ids, tag_names, language, is_active, settings, epoch,
    created_at, created_by, updated_at, updated_by)
SELECT gen_random_uuid(), substr(md5(random()::text), 1, 24), organization_id, id,
    'Listed video ' || number, 'private', true, 'completed', 'https://cdn.example.com/v.mp4',
    '{}', '{}', CASE number %% 2 WHEN 0 THEN 'de' END, true, '{}', 0,
    now() - number * interval '1 second', 'bench', now() - number * interval '1 second', 'bench'
FROM projects, generate_series(1, %(count)s) AS number WHERE id = %(project)s
RETURNING id
"""
RECORD = """
INSERT INTO ledger (at, event, organization_id, project_id, subject_type, subject_id, actor_kind,
    actor_id, actor_name, api, changes, names)
SELECT now() - number * interval '1 second', 'video.created', organization_id, id, 'video',
    gen_random_uuid()::text, 'key', '1', 'bench', 'bench', '{}', '{}'
FROM projects, generate_series(1, %(count)s) AS number WHERE id = %(project)s
"""


def lists(server: Server, data_dir: Path) -> list[Result]:
    """Both lists stand in one table, each in an organization of its own."""
    few, many = (_filled(data_dir, count) for count in (FEW, MANY))
    return [_measured(server, name, path, few, many) for name, path in LISTS.items()]


def fill(data_dir: Path, project: int, count: int) -> list[int]:
    """Enter so many videos of a project, and an event of each; return the ids of the videos."""
    postgres = EmbeddedPostgres(data_dir / "postgres")
    given = {"count": count, "project": project}
    try:
        with psycopg.connect(postgres.start(), autocommit=True) as connection:
            ids = [id for (id,) in connection.execute(ENTER, given)]
            connection.execute(RECORD, given)
            connection.execute("VACUUM ANALYZE")
    finally:
        postgres.stop()
    return ids


def _filled(data_dir: Path, count: int) -> str:
    """The key of an organization with so many videos."""
    key, project = found_organization(data_dir, f"List of {count}")
    fill(data_dir, project, count)
    return key


def _measured(server: Server, name: str, path: str, few: str, many: str) -> Result:
    numbers = iter(range(10**9))

    def rate(key: str, count: int) -> float:
        def requests(size: int) -> list[bytes]:
            # Each address is asked for once, so that no answer comes from memory.
            full = path.format(last=min(-(-count // 200), 10_000))
            sign = "&" if "?" in full else "?"
            return [get(f"{full}{sign}n={next(numbers)}", key) for _ in range(size)]

        task = {"port": server.port, "connections": 1}
        work = {"warmup": requests(WARMUP), "requests": requests(EACH)}
        return EACH / in_process("bench.load", task | work)

    rates = by_turns(ROUNDS, lambda _: rate(many, MANY), lambda _: rate(few, FEW))
    detail = f"{rates.told()}: of {MANY:,} rows beside {FEW:,}, {ROUNDS} rounds of {EACH}"
    return Result(f"list, {name}", rates.ratio, 1 / WITHIN, "×", detail)
