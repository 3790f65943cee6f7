"""The console of an organization with 100,000 videos, beside that of one with 1,000.

`python -m bench.console [count]` prints these lines alone.
"""

import re
import statistics
import sys
import tempfile
import time
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path

from bench.cached import GZIP
from bench.console_filling import Organization, filled
from bench.cpu import cpu_seconds
from bench.interactions import interactions
from bench.measure import Result, by_turns
from bench.site import PATIENCE, Server, free_port, postmaster, serving

FEW, MANY = 1_000, 100_000
ROUNDS, EACH = 5, 12
WITHIN = 1.3
VIDEOS = {
    "first page": "",
    "as lines": "view=lines",
    "page in the middle": "cursor={cursor}",
    **{f"order={each}": f"order={each}" for each in ("updated", "title", "popular")},
    **{f"state={each}": f"state={each}" for each in ("published", "draft", "failed")},
    **{f"visibility={each}": f"visibility={each}" for each in ("public", "private", "team", "org")},
    "project": "project={project}",
    "project, by title": "project={project}&order=title",
    "drafts, most played": "state=draft&order=popular",
    "public drafts, changed last": "state=draft&visibility=public&order=updated",
    "a word of all": "search=harbours",
    "a word of 20": "search=lighthouse",
    "a word of none": "search=submarine",
    "a word of 20, by title": "search=lighthouse&order=title",
    "a word of all, among the public": "search=harbours&visibility=public",
}
LEDGER = {
    "first page": "",
    "page in the middle": "before={event}",
    "events of a type": "event=video.published",
    "events of a noun": "event=video",
    "events of none": "event=share",
    "by actor": "actor=key:1",
    "since": "since=2020-01-01",
    "until": "until=2020-01-01",
}
PAGES = {
    **{f"videos, {name}": f"/videos?{query}" for name, query in VIDEOS.items()},
    "video": "/videos/{video}",
    "campaigns": "/campaigns",
    "campaigns, of a project": "/campaigns?project={project}",
    "campaigns, page in the middle": "/campaigns?before={video}",
    "production": "/campaigns/{video}",
    "audience": "/audience?days=90",
    "audience of a video": "/audience/videos/{film}?days=90",
    **{f"ledger, {name}": f"/organization/ledger?{query}" for name, query in LEDGER.items()},
}
FIRST_VIEWS = {"list of videos": "/videos", "page of a video": "/videos/{video}"}
MOST_KILOBYTES = 100
FILES = re.compile(r'<(?:link rel="stylesheet" href|script type="module" src)="([^"]+)"')
IMPORTED = re.compile(r'(?:from|import)"\./([^"]+)"')


def console(folder: Path, count: int = MANY) -> list[Result]:
    """Return the ratios of all pages, the first views of two, and the slowest interactions."""
    folder.mkdir(exist_ok=True)
    data_dir = folder / "data"
    with serving(data_dir, free_port(), PLAYOUT_PROCESSES="1") as server:
        few, many = filled(server, data_dir, (FEW, count))
        asking = Asking(server, data_dir)
        results = [_grown(asking, name, path, few, many, count) for name, path in PAGES.items()]
        for name, path in FIRST_VIEWS.items():
            results += _first_view(server, name, path, many)
        return results + interactions(server, data_dir, folder, many)


def _addresses(path: str, organization: Organization, number: int) -> list[str]:
    places = islice(cycle(organization.places), number)
    return [f"/console{path.format(**place)}" for place in places]


class Asking:
    """A server that is asked for pages, and what these cost it and its database."""

    def __init__(self, server: Server, data_dir: Path) -> None:
        self.server = server
        self._pids = server.pid, postmaster(data_dir)
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)

    def cpu_of(self, paths: list[str], key: str) -> float:
        """Ask for pages; return the seconds of CPU of each, of the server and of PostgreSQL."""
        before = sum(map(cpu_seconds, self._pids))
        for path in paths:
            self._connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
            answer = self._connection.getresponse()
            told = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status} {told[:500]!r}")
        return (sum(map(cpu_seconds, self._pids)) - before) / len(paths)


def _grown(
    asking: Asking, name: str, path: str, few: Organization, many: Organization, count: int
) -> Result:
    """Compare what a page costs in CPU: it hardly depends on what else the machine does."""

    def rate(of: Organization) -> float:
        return 1 / asking.cpu_of(_addresses(path, of, EACH), of.key)

    for each in (few, many):
        asking.cpu_of(_addresses(path, each, 2), each.key)
    rates = by_turns(ROUNDS, lambda _: rate(many), lambda _: rate(few))
    ours, bare = (1000 / statistics.median(each) for each in (rates.ours, rates.bare))
    detail = f"{ours:.1f} ms of CPU of {count:,} videos beside {bare:.1f} of {FEW:,}"
    return Result(f"console, {name}", rates.ratio, 1 / WITHIN, "×", detail)


def _first_view(server: Server, name: str, path: str, of: Organization) -> list[Result]:
    """The time of the server, and all that a browser loads before pictures and films.

    Files come in gzip, and pages as they are: they are for one person.
    """
    headers = {"Authorization": f"Bearer {of.key}", **GZIP}
    seconds, page = [], b""
    for address in _addresses(path, of, EACH):
        started = time.perf_counter()
        page = server.get(address, headers)[1]
        seconds.append(time.perf_counter() - started)
    sizes = _sizes(server, FILES.findall(page.decode()))
    sizes["html"] = len(page)
    parts = ", ".join(f"{size / 1000:.1f} {kind}" for kind, size in sizes.items())
    took = f"median of {EACH}, each on a connection of its own"
    return [
        Result(f"console, {name}", statistics.median(seconds) * 1000, None, "ms", took),
        Result(
            f"console, first view of the {name}",
            sum(sizes.values()) / 1000,
            MOST_KILOBYTES,
            "KB",
            parts,
        ),
    ]


def _sizes(server: Server, paths: list[str]) -> dict[str, int]:
    """Return the bytes of files and of all that these import, by the ends of their names."""
    sizes, seen = {"css": 0, "js": 0}, set[str]()
    while paths:
        path = paths.pop()
        if path in seen:
            continue
        seen.add(path)
        kind = path.rpartition(".")[2]
        sizes[kind] += len(server.get(path, GZIP)[1])
        if kind == "js":
            script = server.get(path)[1].decode()
            paths += [f"{path.rpartition('/')[0]}/{each}" for each in IMPORTED.findall(script)]
    return sizes


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="playout-bench-") as name:
        for each in console(Path(name), int(sys.argv[1]) if len(sys.argv) > 1 else MANY):
            sys.stdout.write(f"{each.name}: {each.ratio:.3f} {each.unit} ({each.detail})\n")
            sys.stdout.flush()
