"""A cached page as browsers get it: beside nginx, from several processes, and its size."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from bench.front import has_nginx, nginx
from bench.measure import Result, by_turns
from bench.site import Server, create_video, found_organization, free_port, serving

ROUNDS = 5
SECONDS = 2
CONNECTIONS = 16
PROCESSES = 2
LISTED = 20
GZIP = {"Accept-Encoding": "gzip"}


def cached(server: Server, data_dir: Path, folder: Path) -> list[Result]:
    """The gallery at 16 connections; without nginx and wrk, which make the load, only its size."""
    results = _sizes(server, data_dir)
    if has_nginx() and shutil.which("wrk"):
        results.append(_beside_nginx(server, folder))
        results.append(_several(server, data_dir))
    return results


def _beside_nginx(server: Server, folder: Path) -> Result:
    files = folder / "cached"
    files.mkdir()
    body = server.get("/", GZIP)[1]
    (files / "page").write_bytes(body)
    with nginx(files, server.port, folder / "cached-nginx") as (alone, _):
        rates = by_turns(ROUNDS, lambda _: rate(server.port, "/"), lambda _: rate(alone, "/page"))
    detail = f"{rates.told()}: beside nginx with the same {len(body)} bytes, {_how()}"
    return Result("cached page", rates.ratio, 0.25, "×", detail)


def _several(server: Server, data_dir: Path) -> Result:
    with serving(data_dir, free_port(), PLAYOUT_PROCESSES=str(PROCESSES)) as several:
        rates = by_turns(
            ROUNDS, lambda _: rate(several.port, "/"), lambda _: rate(server.port, "/")
        )
    processors = os.cpu_count() or 1
    # One processor makes the load, and one runs the jobs: with fewer, all compete.
    aim = 0.9 * PROCESSES if processors >= PROCESSES + 2 else None
    detail = f"{rates.told()}: beside one process on {processors} processors, {_how()}"
    return Result(f"cached page, {PROCESSES} processes", rates.ratio, aim, "×", detail)


def rate(port: int, path: str) -> float:
    """Answers a second. Raises `RuntimeError` if any of them is not a 2xx."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}", "-H", "Accept-Encoding: gzip"]
    url = f"http://127.0.0.1:{port}{path}"
    out = subprocess.check_output([*command, url], text=True)
    found = re.search(r"Requests/sec:\s*([\d.]+)", out)
    if found is None or "Non-2xx" in out:
        raise RuntimeError(out)
    return float(found[1])


def _how() -> str:
    return f"gzip, {CONNECTIONS} connections by wrk, {ROUNDS} rounds of {SECONDS} s"


def _sizes(server: Server, data_dir: Path) -> list[Result]:
    key, project = found_organization(data_dir, "Sizes")
    for _ in range(LISTED):
        create_video(server, key, project)
    headers: dict[str, Any] = GZIP | {"Authorization": f"Bearer {key}"}
    path = f"/api/v1/videos/?page_size={LISTED}"
    return [
        _size("gallery", 2, server.get("/")[1], server.get("/", GZIP)[1]),
        _size(
            f"list of {LISTED}",
            3,
            server.get(path, headers | {"Accept-Encoding": ""})[1],
            server.get(path, headers)[1],
        ),
    ]


def _size(name: str, aim: float, plain: bytes, compressed: bytes) -> Result:
    detail = f"the body in gzip; {len(plain) / 1000:.1f} KB without"
    return Result(f"bytes of the {name}", len(compressed) / 1000, aim, "KB", detail)
