"""The pages that campaigns lead to: share, watch and embed pages, bare and behind a cache."""

import pickle
import re
import shutil
import statistics
import time
from pathlib import Path

from bench.cached import GZIP, rate
from bench.front import has_nginx, nginx
from bench.measure import Result, by_turns
from bench.site import Server, answering, create_video, found_organization, free_port
from tests.helpers.nginx_example import nginx_of_the_example

ROUNDS = 5
RENDERED = 30
BY_UVICORN = {"date"}
PLAYER = re.compile(r"/(?:player|embed)-")
FILES = re.compile(r'<(?:link rel="stylesheet" href|script type="module" src)="([^"]+)"')


def public(server: Server, data_dir: Path, folder: Path) -> list[Result]:
    """Without wrk, which makes the load, only what one render takes, and how large a page is."""
    key, project = found_organization(data_dir, "Landing")
    paths, api = _published(server, key, project)
    results = [_cold(server, key, api, paths["share page"]), _first_view(server, paths)]
    if not shutil.which("wrk"):
        return results
    results += _beside_bare(server, paths, folder)
    return results + (_behind_nginx(server, paths, folder) if has_nginx() else [])


def _published(server: Server, key: str, project: int) -> tuple[dict[str, str], str]:
    """The paths of the pages of a new video, and that of its share in the API."""
    video = create_video(server, key, project)
    source = {"external_url": "https://cdn.example.com/final.mp4", "visibility": "public"}
    server.ask("PATCH", f"/api/v1/videos/{video}/", key, source)
    page = server.ask("POST", f"/api/v1/videos/{video}/publish/", key)["custom_url"]
    watch = "/v/" + page.rpartition("/")[2]
    uid = server.ask("GET", f"/api/v1/workspaces/{project}/", key)["uid"]
    api = f"/api/Projects/{uid}/public-video-shares/DEV"
    slug = server.ask("PUT", api, key, {"publicTitle": "Measured"})["slug"]
    paths = {
        "share page": f"/s/{slug}",
        "watch page beside ASGI": watch,
        "embed page": f"/embed{watch}",
    }
    return paths, api


def _cold(server: Server, key: str, api: str, path: str) -> Result:
    seconds = []
    for number in range(RENDERED):
        server.ask("PUT", api, key, {"publicTitle": f"Measured {number}"})
        started = time.perf_counter()
        server.get(path)
        seconds.append(time.perf_counter() - started)
    detail = f"median of {RENDERED} share pages, each after a change"
    return Result("share page, rendered", statistics.median(seconds), None, "s", detail)


def _first_view(server: Server, paths: dict[str, str]) -> Result:
    """All that a browser loads before the player and the picture, in gzip."""
    path = paths["share page"]
    html = server.get(path)[1].decode()
    files = [path, *(each for each in FILES.findall(html) if not PLAYER.search(each))]
    total = sum(len(server.get(each, GZIP)[1]) for each in files)
    return Result("first view of a share", total / 1000, 50, "KB", f"{len(files)} files, gzip")


def _beside_bare(server: Server, paths: dict[str, str], folder: Path) -> list[Result]:
    answers = {}
    for path in paths.values():
        headers, body = server.get(path, GZIP)
        kept = {name.lower(): value for name, value in headers if name.lower() not in BY_UVICORN}
        answers[path] = kept, body
    file, port = folder / "public.pickle", free_port()
    file.write_bytes(pickle.dumps(answers))
    first, results = next(iter(answers)), []
    arguments = ["bench.bare_asgi", str(port), str(file)]
    with answering(arguments, port, first, folder / "asgi.log") as bare:
        for name, path in paths.items():
            rates = by_turns(
                ROUNDS, lambda _, p=path: rate(server.port, p), lambda _, p=path: rate(bare.port, p)
            )
            detail = f"{rates.told()}: beside a bare ASGI function with the same answer"
            results.append(Result(name, rates.ratio, 0.6, "×", detail))
    return results


def _behind_nginx(server: Server, paths: dict[str, str], folder: Path) -> list[Result]:
    """Beside nginx that has the page as a file; the example of the documentation is in front."""
    files, front = folder / "public", folder / "example"
    files.mkdir()
    front.mkdir()
    path = paths["share page"]
    body = server.get(path, GZIP)[1]
    (files / "page").write_bytes(body)
    with (
        nginx(files, server.port, folder / "public-nginx") as (alone, _),
        nginx_of_the_example(front, server.port) as port,
    ):
        rates = by_turns(ROUNDS, lambda _: rate(port, path), lambda _: rate(alone, "/page"))
    detail = f"{rates.told()}: beside nginx with the same {len(body)} bytes as a file"
    return [Result("share page behind nginx", rates.ratio, 0.8, "×", detail)]
