"""The gallery of a million publications: its pages beside those of a thousand, and its search.

`python -m bench.gallery [count]` prints these lines alone.
"""

import sys
import tempfile
from pathlib import Path

import psycopg

from bench.measure import Result, by_turns, in_process
from bench.site import Server, found_organization, free_port, get, serving
from playout.kit.database.embedded import EmbeddedPostgres

FEW, MANY = 1_000, 1_000_000
ROUNDS, EACH, SEARCHES = 5, 60, 400
WITHIN, SEARCH_SECONDS = 1.3, 0.05
PARTS = (0.5, 0.95)
PAGES = {"page of the gallery": "/?before={}", "feed": "/feed.rss?before={}"}
VIDEOS = """
INSERT INTO videos (uid, session_id, organization_id, project_id, title, visibility, is_draft,
    status, external_url, tag_ids, tag_names, language, is_active, settings, epoch,
    created_at, created_by, updated_at, updated_by)
SELECT gen_random_uuid(), substr(md5(number::text), 1, 24), organization_id, id,
    'Film about harbour' || number %% 10 || ' and lighthouse' || number %% 1000
        || ' and gull' || number %% 50000,
    'public', false, 'completed', 'https://cdn.example.com/v.mp4',
    '{}', '{}', CASE number %% 4 WHEN 0 THEN 'de' ELSE 'en' END, true, '{}', 0,
    now() - number * interval '1 second', 'bench', now() - number * interval '1 second', 'bench'
FROM projects, generate_series(1, %(count)s) AS number WHERE id = %(project)s
"""
PUBLICATIONS = """
WITH published AS (
    INSERT INTO slugs (slug, base, number, video_id)
    SELECT 'listed-' || id, 'listed', id, id FROM videos WHERE NOT is_draft RETURNING slug, video_id
)
INSERT INTO publications (id, video_id, slug, created_at, updated_at)
SELECT videos.session_id, video_id, slug, videos.created_at, videos.updated_at
FROM published JOIN videos ON videos.id = video_id
"""
ONE_BY_ONE = "ALTER TABLE publications %s TRIGGER gallery_of_new"
ENTRIES = """
SELECT write_gallery_entries(array_agg(video_id)) FROM publications
WHERE video_id BETWEEN %(first)s AND %(last)s
"""
AT_ONCE = 20_000


def gallery(folder: Path, count: int = MANY) -> list[Result]:
    """Return the ratios of pages, and the 95th percentile of searches."""
    folder.mkdir(exist_ok=True)
    few_dir, many_dir = folder / "few", folder / "many"
    with (
        serving(few_dir, free_port(), PLAYOUT_PROCESSES="1") as few,
        serving(many_dir, free_port(), PLAYOUT_PROCESSES="1") as many,
    ):
        places = _filled(few_dir, FEW), _filled(many_dir, count)
        pages = [_page(name, path, (few, many), places, count) for name, path in PAGES.items()]
        return [*pages, _search((few, many), count)]


def _filled(data_dir: Path, count: int) -> list[str]:
    """Publish so many videos; return the places in the gallery that its pages begin after."""
    _, project = found_organization(data_dir, "Gallery")
    postgres = EmbeddedPostgres(data_dir / "postgres")
    try:
        with psycopg.connect(postgres.start(), autocommit=True) as connection:
            connection.execute(VIDEOS, {"count": count, "project": project})
            publish_all(connection)
            connection.execute("VACUUM ANALYZE")
            rows = connection.execute(
                "SELECT (extract(epoch FROM created_at) * 1000000)::bigint, id FROM publications"
                " ORDER BY random() LIMIT 600"
            ).fetchall()
    finally:
        postgres.stop()
    return [f"{at}-{id}" for at, id in rows]


def publish_all(connection: psycopg.Connection) -> None:
    """Publish all but drafts. Many entries of the gallery at once take a tenth of the time."""
    connection.execute(ONE_BY_ONE % "DISABLE")
    connection.execute(PUBLICATIONS)
    connection.execute(ONE_BY_ONE % "ENABLE")
    (last,) = connection.execute("SELECT max(id) FROM videos").fetchone() or (0,)
    for first in range(1, last + 1, AT_ONCE):
        connection.execute(ENTRIES, {"first": first, "last": first + AT_ONCE - 1})


def _page(
    name: str,
    path: str,
    servers: tuple[Server, Server],
    places: tuple[list[str], list[str]],
    count: int,
) -> Result:
    def rate(which: int, number: int) -> float:
        start = number * EACH
        asked = [get(path.format(place)) for place in places[which][start : start + EACH]]
        task = {"port": servers[which].port, "connections": 1, "warmup": asked[:10]}
        return EACH / in_process("bench.load", task | {"requests": asked})

    rates = by_turns(ROUNDS, lambda number: rate(1, number), lambda number: rate(0, number))
    detail = f"{rates.told()}: of {count:,} publications beside {FEW:,}"
    return Result(f"gallery, {name}", rates.ratio, 1 / WITHIN, "×", detail)


def _search(servers: tuple[Server, Server], count: int) -> Result:
    """Ask for words that a tenth, a thousandth and a hundred-thousandth of the videos have."""
    words = [f"harbour{number % 10}" for number in range(SEARCHES // 4)]
    words += [f"lighthouse{number * 7 % 1000}" for number in range(SEARCHES // 4)]
    words += [f"gull{number * 311 % 50000}" for number in range(SEARCHES // 4)]
    words += [f"nothing{number}" for number in range(SEARCHES // 4)]
    asked = [get(f"/?q={word}") for word in words]
    task = {"connections": 1, "warmup": asked[::40], "requests": asked}
    (few, few_slow), (median, slow) = (
        [in_process("bench.load", task | {"port": each.port, "percentile": part}) for part in PARTS]
        for each in servers
    )
    detail = (
        f"p95 of {SEARCHES} in {count:,} publications; median {median * 1e3:.0f} ms;"
        f" in {FEW:,} {few_slow * 1e3:.0f} and {few * 1e3:.0f} ms"
    )
    return Result("gallery, search", slow, SEARCH_SECONDS, "s", detail)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="playout-bench-") as name:
        for each in gallery(Path(name), int(sys.argv[1]) if len(sys.argv) > 1 else MANY):
            sys.stdout.write(f"{each.name}: {each.ratio:.3f} {each.unit} ({each.detail})\n")
