"""Workers in processes of their own, and somebody who plays meanwhile."""

import re
import threading
from pathlib import Path
from urllib.parse import urljoin

import httpx2

from tests.helpers.forked import Forked
from tests.helpers.live import PLAYOUT, Live, clean_environment

RANGE = re.compile(r'BYTERANGE[:=]"?(\d+)@(\d+)')


def start_worker(live: Live, name: str, preset: str) -> Forked:
    """A worker on the same data folder that makes ladders."""
    settings = {"PLAYOUT_LADDER_CONCURRENCY": "1", "PLAYOUT_ENCODER_PRESET": preset}
    words = [PLAYOUT, "worker", "--data-dir", str(live.data_dir)]
    with Path(f"{live.log}-{name}").open("ab") as log:
        return Forked(words, clean_environment(**settings), log, log)


class Player:
    """Reads the whole of a stream over and over: whatever a playlist names has to be there."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.seen: list[list[str]] = []
        """The renditions that each master playlist named."""
        self.faults: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Player":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        with httpx2.Client(timeout=30) as client:
            while not self._stop.wait(0.2):
                self._play(client)
            self._play(client)

    def _play(self, client: httpx2.Client) -> None:
        master = client.get(self.url).text
        names = [line for line in master.splitlines() if line and line[0] != "#"]
        names += re.findall('URI="([^"]+)"', master)
        seen = [Path(name).name.partition(".")[0] for name in names]
        self.seen.append([name for name in seen if not name.endswith("-keyframes")])
        for name in names:
            address = urljoin(self.url, name)
            playlist = client.get(address).text
            if "#EXT-X-ENDLIST" not in playlist:
                self.faults.append(f"{name}: no end in {playlist!r}")
            size, start = map(int, RANGE.findall(playlist)[-1])
            segment = urljoin(address, playlist.splitlines()[-2])
            wanted = f"bytes={start}-{start + size - 1}"
            answer = client.get(segment, headers={"Range": wanted})
            if answer.status_code != 206 or len(answer.content) != size:
                self.faults.append(f"{name}: {answer.status_code}, {len(answer.content)} of {size}")
