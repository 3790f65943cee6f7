"""Viewers with names of their own who start one film at the same moment: who would have to wait.

`python -m bench.personal_at_once` plays 480p and 1080p with ever more viewers, and prints how many
saw the whole film without a stall and with every text. `… 480p 10 20` plays 480p with 10 and then
with 20. A viewer loads as hls.js does: one segment after another, up to 30 seconds ahead.
"""

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx

from bench.clips import natural, repeated
from bench.personal_viewers import PATIENCE, Films
from bench.site import free_port, serving

SIZES = {"480p": "854x480", "1080p": "1920x1080"}
COUNTS = {"480p": (10, 20, 30, 40), "1080p": (2, 4, 6, 8)}
SECONDS = 28
AHEAD = 30.0
NOTICED = 0.1
"""Seconds of a stall that nobody notices."""


@dataclass(frozen=True)
class Segment:
    """A segment of a playlist: when it begins in the film, and its path if it is one's own."""

    begins: float
    path: str | None


@dataclass(frozen=True)
class Seen:
    """What a viewer saw."""

    stalled: float
    undrawn: int
    """Segments that came without their text, because too many were asked for."""


def main(*arguments: str) -> None:
    for rendition in arguments[:1] or SIZES:
        counts = [int(each) for each in arguments[1:]] or COUNTS[rendition]
        with tempfile.TemporaryDirectory(prefix="playout-bench-") as name:
            _measure(Path(name), rendition, counts)


def _measure(folder: Path, rendition: str, counts: list[int] | tuple[int, ...]) -> None:
    film = repeated(natural(folder / "short.mp4", SIZES[rendition], 4), folder / "film.mp4", 7)
    data_dir = folder / "data"
    with serving(data_dir, free_port()) as server:
        films = Films.published(server, data_dir, film, SECONDS)
        for count in counts:
            with ThreadPoolExecutor(count) as threads:
                names = [f"Viewer {number} of {count}" for number in range(count)]
                seen = list(threads.map(lambda name: _watch(films, rendition, name), names))
            stalled = sorted(each.stalled for each in seen)
            whole = sum(each.stalled < NOTICED and not each.undrawn for each in seen)
            undrawn = sum(each.undrawn > 0 for each in seen)
            sys.stdout.write(
                f"{rendition}: {count} at once, {whole} saw all of it without a stall;"
                f" {undrawn} without a text; the longest stall took {stalled[-1]:.2f} s\n"
            )
            sys.stdout.flush()


def _watch(films: Films, rendition: str, name: str) -> Seen:
    """Load the film as it plays; return what its viewer saw."""
    made = films.create(name).raise_for_status().json()
    folder = made["playbackUrl"].rpartition("/")[0]
    started, stalled, undrawn = None, 0.0, 0
    with httpx.Client(base_url=films.client.base_url, timeout=PATIENCE) as client:
        playlist = client.get(f"{folder}/{rendition}.m3u8").raise_for_status().text
        for segment in _segments(playlist, rendition):
            if started is not None:
                time.sleep(max(0.0, segment.begins - AHEAD - _played(started, stalled)))
            if segment.path:
                answer = client.get(f"{folder}/{segment.path}").raise_for_status()
                undrawn += answer.headers.get("Playout-Segment") == "shared"
            if started is None:
                started = time.perf_counter()
            stalled += max(0.0, _played(started, stalled) - segment.begins)
    return Seen(stalled, undrawn)


def _played(started: float, stalled: float) -> float:
    return time.perf_counter() - started - stalled


def _segments(playlist: str, rendition: str) -> list[Segment]:
    found, at, lasts = [], 0.0, 0.0
    for line in playlist.splitlines():
        if line.startswith("#EXTINF:"):
            lasts = float(line[len("#EXTINF:") :].split(",")[0])
        elif line and not line.startswith("#"):
            found.append(Segment(at, line if line.startswith(f"{rendition}-") else None))
            at += lasts
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
