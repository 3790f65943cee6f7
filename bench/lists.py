"""A page of a list of a million videos, beside the same page of a list of a thousand."""

from pathlib import Path

import psycopg

from bench.measure import Result, by_turns, in_process
from bench.site import Server, found_organization, get
from playout.kit.database.embedded import EmbeddedPostgres

FEW, MANY = 1_000, 1_000_000
ROUNDS = 5
EACH = 100
WARMUP = 20
PAGES = {"first page": 1, "hundredth page": 100}
WITHIN = 1.5
ENTER = """
INSERT INTO videos (uid, session_id, organization_id, project_id, title, visibility, is_draft,
    status, external_url, tag_ids, tag_names, is_active, settings, epoch,
    created_at, created_by, updated_at, updated_by)
SELECT gen_random_uuid(), substr(md5(random()::text), 1, 24), organization_id, id,
    'Listed video ' || number, 'private', true, 'completed', 'https://cdn.example.com/v.mp4',
    '{}', '{}', true, '{}', 0, now(), 'bench', now(), 'bench'
FROM projects, generate_series(1, %s) AS number WHERE id = %s
"""


def lists(server: Server, data_dir: Path) -> list[Result]:
    """Both lists stand in one table, each in an organization of its own."""
    few, many = (_filled(data_dir, count) for count in (FEW, MANY))
    return [_measured(server, name, page, few, many) for name, page in PAGES.items()]


def _filled(data_dir: Path, count: int) -> str:
    """The key of an organization with so many videos."""
    key, project = found_organization(data_dir, f"List of {count}")
    postgres = EmbeddedPostgres(data_dir / "postgres")
    try:
        with psycopg.connect(postgres.start(), autocommit=True) as connection:
            connection.execute(ENTER, (count, project))
            connection.execute("VACUUM ANALYZE videos")
    finally:
        postgres.stop()
    return key


def _measured(server: Server, name: str, page: int, few: str, many: str) -> Result:
    def rate(key: str) -> float:
        request = get(f"/api/v1/videos/?page={page}&page_size=10", key)
        task = {"port": server.port, "connections": 1}
        work = {"warmup": [request] * WARMUP, "requests": [request] * EACH}
        return EACH / in_process("bench.load", task | work)

    rates = by_turns(ROUNDS, lambda _: rate(many), lambda _: rate(few))
    detail = f"{rates.told()}: of {MANY:,} videos beside {FEW:,}, {ROUNDS} rounds of {EACH}"
    return Result(f"list, {name}", rates.ratio, 1 / WITHIN, "×", detail)
