"""One video as each API tells of it, beside the same query by bare psycopg."""

from pathlib import Path
from typing import Any

import httpx2

from bench.measure import Result, by_turns, in_process
from bench.record import record
from bench.site import Server, found_organization, get
from playout.kit.database.embedded import EmbeddedPostgres
from playout.settings import Settings

ROUNDS = 5
EACH = 400
WARMUP = 40


def reading(server: Server, data_dir: Path) -> list[Result]:
    """What is read has been entered through the APIs themselves."""
    key, project = found_organization(data_dir, "Read")
    paths = _paths(server, key, project)
    postgres = EmbeddedPostgres(data_dir / "postgres")
    url = postgres.start()
    settings = Settings(data_dir=data_dir, log_level="error", rate_limit=10**9)
    try:
        scripts = record(settings, key, [("GET", path, None) for path in paths.values()])
        return [
            _measured(server, url, key, name, path, script)
            for (name, path), script in zip(paths.items(), scripts, strict=True)
        ]
    finally:
        postgres.stop()


def _paths(server: Server, key: str, project: int) -> dict[str, str]:
    """Where each API tells of one and the same video."""
    with httpx2.Client(
        base_url=f"http://127.0.0.1:{server.port}", headers={"Authorization": f"Bearer {key}"}
    ) as client:

        def ask(method: str, path: str, body: object = None) -> Any:
            return client.request(method, path, json=body).raise_for_status().json()

        address = "https://cdn.example.com/read.mp4"
        video = ask(
            "POST",
            "/api/v1/videos/",
            {"title": "Read", "workspace": project, "external_url": address},
        )
        uid = ask("GET", f"/api/v1/workspaces/{project}/")["uid"]
        shares = f"/api/Projects/{uid}/public-video-shares"
        ask("PUT", f"{shares}/DEV", {"publicTitle": "Read", "videoId": video["uid"]})
    return {
        "Publications": "/v1/video/list_completed_video_sessions?limit=1",
        "Videos": f"/api/v1/videos/{video['id']}/",
        "Shares": shares,
        "Productions": f"/productions/{video['id']}",
    }


def _measured(
    server: Server, url: str, key: str, name: str, path: str, script: list[Any]
) -> Result:
    def by_server(_: int) -> float:
        task = {"port": server.port, "connections": 1}
        work = {"warmup": [get(path, key)] * WARMUP, "requests": [get(path, key)] * EACH}
        return EACH / in_process("bench.load", task | work)

    def by_psycopg(_: int) -> float:
        task = {"url": url, "connections": 1}
        work = {"warmup": [script] * WARMUP, "scripts": [script] * EACH}
        return EACH / in_process("bench.replay", task | work)

    rates = by_turns(ROUNDS, by_server, by_psycopg)
    detail = (
        f"{rates.told()}: HTTP beside the same {len(script)} statements by bare psycopg,"
        f" {ROUNDS} rounds of {EACH}"
    )
    return Result(f"read a video, {name}", rates.ratio, None, "×", detail)
