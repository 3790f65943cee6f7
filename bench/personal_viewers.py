"""A thousand viewers of one film, a hundred of them with names of their own: bytes and CPU.

`python -m bench.personal_viewers` prints a table; `… 100 10 12` is a smaller one, of 100 viewers
with 10 names and 12 seconds. The film is a minute of 480p, with up to three texts of two seconds.
All viewers play it whole, in one rendition. CPU seconds are those of all processes.
"""

import base64
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psutil

from bench.clips import natural, repeated
from bench.encoding_cost import cpu_seconds
from bench.personal import RANGES, SECONDS
from bench.recipients import publish_template
from bench.site import Server, found_organization, free_port, postmaster, serving
from playout.transcode.encode.ladder import ladder_for
from playout.transcode.inspect.probe import probe
from playout.transcode.personal.base import BASE_PRESET
from playout.transcode.trial import find_tools

RENDITION = "480p"
PATIENCE = 1_200.0


@dataclass(frozen=True)
class Cost:
    """What some viewers cost."""

    cpu: float
    stored: int


def main(viewers: int = 1_000, names: int = 100, seconds: int = SECONDS) -> None:
    with tempfile.TemporaryDirectory(prefix="playout-bench-") as name:
        folder = Path(name)
        short = natural(folder / "short.mp4", "854x480", 4)
        film = repeated(short, folder / "film.mp4", seconds // 4)
        data_dir = folder / "data"
        with serving(data_dir, free_port()) as server:
            films = Films.published(server, data_dir, film, seconds)
            numbers = range(viewers)
            _say(f"{names} viewers, {names} names", films.cost(numbers[:names], names))
            more = films.cost(numbers[names:], names)
            _say(f"{viewers - names} more with the same names", more)
        whole = _cpu(lambda: _encode_whole(film, folder / "whole.mp4"))
        size = (folder / "whole.mp4").stat().st_size
        _say(f"{viewers} whole encodes, {viewers} times one", Cost(viewers * whole, viewers * size))


def _say(title: str, cost: Cost) -> None:
    sys.stdout.write(f"{title}: {cost.cpu:,.1f} CPU s, {cost.stored / 1e6:,.1f} MB stored\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Films:
    """A project whose channel DEV holds a template."""

    client: httpx.Client
    path: str
    server: Server
    data_dir: Path

    @classmethod
    def published(cls, server: Server, data_dir: Path, film: Path, seconds: int) -> "Films":
        key, workspace = found_organization(data_dir, "Viewers")
        client = httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=PATIENCE)
        client.headers["Authorization"] = f"Bearer {key}"
        video = client.post("/api/v1/videos/", json={"title": "Film", "workspace": workspace})
        made = video.raise_for_status().json()
        source = f"/api/v1/videos/{made['id']}/source/"
        client.put(source, content=film.read_bytes()).raise_for_status()
        path = publish_template(client, made["uid"], _manifest(seconds))
        credential = client.post("/api/credentials", json={"projectId": path.rpartition("/")[2]})
        pair = "{apiKey}:{apiSecret}".format(**credential.raise_for_status().json())
        client.headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        films = cls(client, path, server, data_dir)
        films._wait_for_base()
        return films

    def cost(self, numbers: range, names: int) -> Cost:
        """Let viewers with so many names play the film; return what they cost."""
        before, stored = self._cpu(), self._stored()
        for number in numbers:
            self._play(f"Ada Lovelace {number % names}")
        return Cost(self._cpu() - before, self._stored() - stored)

    def _wait_for_base(self) -> None:
        for _ in range(int(PATIENCE)):
            if self.create("Nobody").status_code == 201:
                return
            time.sleep(1)
        raise RuntimeError("The film was not processed in time.")

    def create(self, name: str) -> httpx.Response:
        """Ask for the film of a viewer."""
        body = {"channel": "DEV", "personalizationData": {"name": name}}
        return self.client.post(f"{self.path}/renders", json=body)

    def _play(self, name: str) -> None:
        """Load all segments that are this viewer's own; the others are bytes of a file."""
        made = self.create(name).raise_for_status().json()
        folder = made["playbackUrl"].rpartition("/")[0]
        playlist = self.client.get(f"{folder}/{RENDITION}.m3u8").raise_for_status().text
        for line in playlist.splitlines():
            if line.startswith(f"{RENDITION}-"):
                self._load(f"{folder}/{line}")

    def _load(self, url: str) -> None:
        """Load a segment, again if the machine had too much to do for it."""
        while self.client.get(url).raise_for_status().headers.get("Playout-Segment") == "shared":
            time.sleep(1)

    def _cpu(self) -> float:
        """Return the CPU seconds of the server and of its database, with all that they started."""
        return sum(_with_children(pid) for pid in (self.server.pid, postmaster(self.data_dir)))

    def _stored(self) -> int:
        files = (self.data_dir / "files" / "renders").rglob("*")
        return sum(file.stat().st_size for file in files if file.is_file())


def _with_children(pid: int) -> float:
    seconds, parent = 0.0, psutil.Process(pid)
    for process in [parent, *parent.children(recursive=True)]:
        times = process.cpu_times()
        seconds += times.user + times.system
    ended = parent.cpu_times()
    return seconds + ended.children_user + ended.children_system


def _manifest(seconds: int) -> dict[str, Any]:
    elements = [
        {
            **{"id": f"name{number}", "type": "text", "text": "For {{name}}", "size": 0.1},
            **{"x": 0.1, "y": 0.2, "width": 0.5, "height": 0.2, "start": start, "end": end},
        }
        for number, (start, end) in enumerate(RANGES)
        if end < seconds
    ]
    fields = {"name": {"type": "text", "required": True}}
    return {"version": 1, "fields": fields, "elements": elements}


def _encode_whole(film: Path, target: Path) -> None:
    """Encode the film with something over it, as fast and as well as its base is encoded."""
    tools = find_tools()
    rung = next(each for each in ladder_for(probe(film, tools).video) if each.name == RENDITION)
    between = "+".join(f"between(t,{start},{end})" for start, end in RANGES)
    picture = f"color=c=white@0.5:s={rung.width // 2}x{rung.height // 5}:r=1,format=rgba"
    line: list[Any] = [
        *(tools.ffmpeg, "-v", "error", "-nostdin", "-i", film, "-f", "lavfi", "-i", picture),
        *("-filter_complex", f"[0:v][1:v]overlay=x=80:y=80:shortest=1:enable='{between}'"),
        *("-c:v", "libx264", "-preset", BASE_PRESET, "-crf", str(rung.crf)),
        *("-maxrate", str(rung.max_bitrate), "-bufsize", str(rung.buffer_bits)),
        *("-c:a", "copy", target),
    ]
    subprocess.run(line, check=True)


def _cpu(work: Callable[[], object]) -> float:
    before = cpu_seconds()
    work()
    return cpu_seconds() - before


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
