"""Many clients that publish, and never give up."""

import itertools
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.helpers.live import EXTERNAL, Founded, Live

AGAIN = {500, 502, 503, 504}
GIVE_UP = 120.0


@dataclass
class Publishers:
    """Threads that enter and publish `total` videos; what was answered 200 is in `answered`."""

    live: Live
    founded: Founded
    total: int
    width: int = 8
    answered: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def start(self) -> None:
        self._numbers = itertools.count(1)
        self._threads = [threading.Thread(target=self._run) for _ in range(self.width)]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    @property
    def ended(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self) -> None:
        with self.live.client(self.founded.key) as client:
            while (number := next(self._numbers)) <= self.total and not self.refused:
                self._publish(client, f"Video {number}")

    def _publish(self, client: httpx2.Client, title: str) -> None:
        body = {"title": title, "workspace": self.founded.project, "external_url": EXTERNAL}
        video = self._insist(client, "/api/v1/videos/", body)
        if video is None:
            return
        wanted = {"session_id": video["session_id"], "tags": ["fault"]}
        answer = self._insist(client, "/v1/publications/publish", wanted)
        if answer is not None:
            self.answered.append(answer)

    def _insist(self, client: httpx2.Client, path: str, body: dict[str, Any]) -> Any:
        """Ask until there is an answer; what is refused for another reason is noted."""
        deadline = time.monotonic() + GIVE_UP
        told = "never asked"
        while time.monotonic() < deadline and not self.refused:
            try:
                answer = client.post(path, json=body)
            except httpx2.HTTPError as error:
                told = repr(error)
            else:
                if answer.is_success:
                    return answer.json()
                told = f"{answer.status_code} {answer.text}"
                if answer.status_code not in AGAIN:
                    break
            time.sleep(0.1)
        self.refused.append(f"{path}: {told}")
        return None
