"""Publishing over HTTP, beside the same SQL without a server around it."""

from pathlib import Path
from typing import Any

import psycopg

from bench.measure import Result, by_turns, in_process
from bench.record import record
from bench.site import Server, found_organization, post
from playout.kit.database.embedded import EmbeddedPostgres
from playout.settings import Settings

ROUNDS = 5
EACH = 200
WARMUP = 40
PATH = "/v1/publications/publish"


def publishing(server: Server, data_dir: Path, connections: int) -> Result:
    """Both sides publish videos of their own, as many at once, into the same database."""
    key, project = found_organization(data_dir, f"Bench {connections}")
    postgres = EmbeddedPostgres(data_dir / "postgres")
    url = postgres.start()
    try:
        per_round = WARMUP + EACH
        bodies = _enter(server, url, key, project, 2 * ROUNDS * per_round)
        ours, bare = bodies[::2], bodies[1::2]
        settings = Settings(data_dir=data_dir, log_level="error", rate_limit=10**9)
        scripts = record(settings, key, [("POST", PATH, body) for body in bare])
        requests = [post(PATH, key, body) for body in ours]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")  # what was rolled back has left its traces

        def cut(work: list[Any], number: int) -> tuple[list[Any], list[Any]]:
            mine = work[number * per_round : (number + 1) * per_round]
            return mine[:WARMUP], mine[WARMUP:]

        def by_server(number: int) -> float:
            warmup, work = cut(requests, number)
            task = {"port": server.port, "connections": connections}
            return EACH / in_process("bench.load", task | {"warmup": warmup, "requests": work})

        def by_psycopg(number: int) -> float:
            warmup, work = cut(scripts, number)
            task = {"url": url, "connections": connections}
            return EACH / in_process("bench.replay", task | {"warmup": warmup, "scripts": work})

        rates = by_turns(ROUNDS, by_server, by_psycopg)
        _check(url)
    finally:
        postgres.stop()
    detail = (
        f"{rates.told()}: HTTP beside the same {len(scripts[0])} statements by bare psycopg,"
        f" {connections} connection(s) each, {ROUNDS} rounds of {EACH}"
    )
    name = f"publish, {connections} at once" if connections > 1 else "publish"
    return Result(name, rates.ratio, 0.4, "×", detail)


def _enter(server: Server, url: str, key: str, project: int, count: int) -> list[dict[str, Any]]:
    """Enter videos through the Videos API; return a body to publish each of them with."""
    entered = [
        post(
            "/api/v1/videos/",
            key,
            {
                "title": f"Measured video {number}",
                "workspace": project,
                "external_url": f"https://cdn.example.com/{number}.mp4",
            },
        )
        for number in range(count)
    ]
    task = {"port": server.port, "connections": 4, "warmup": [], "requests": entered}
    in_process("bench.load", task)
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT session_id, title FROM videos ORDER BY id DESC LIMIT %s", (count,)
        ).fetchall()
    return [
        {
            "session_id": session_id,
            "title": f"{title}, now out",
            "description": "What a caller would say of a video, in a sentence or two of text.",
            "tags": ["launch", "measured"],
            "creatorHandle": "bench",
        }
        for session_id, title in rows
    ]


def _check(url: str) -> None:
    """Both sides have done the whole of the work, so that no video is left to be published."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM videos), (SELECT count(*) FROM publications),"
            " (SELECT count(*) FROM ledger WHERE event = 'video.published')"
        ).fetchone()
    assert row is not None
    assert len(set(row)) == 1, row
