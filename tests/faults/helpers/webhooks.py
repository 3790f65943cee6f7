"""Clients that make events and never give up, and receivers of which one behaves well."""

import itertools
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.helpers.live import EXTERNAL, Founded, Live, create_video
from tests.helpers.webhook_receiver import Answer, Receiver, answer, drip, half_the_time, hang

INWARD = "http://169.254.169.254/latest/meta-data/"
ENDPOINTS: dict[str, Answer] = {
    "/fast": answer(),
    "/hangs": hang,
    "/half": half_the_time,
    "/drips": drip,
    "/redirects": answer(307, Location=INWARD),
}
EVENTS = (
    "SELECT id, extract(epoch FROM at)::float8 FROM ledger"
    " WHERE event = 'video.updated' AND actor_kind = 'key'"
)
WIDTH = 6
PACE = 30
"""Events a second at the most: so many that it takes a while, and nobody is just busy."""
GIVE_UP = 120.0


def open_endpoints(client: httpx2.Client, receiver: Receiver) -> dict[str, tuple[int, str]]:
    """The id and the secret of an endpoint for each path."""
    made = {}
    for path in ENDPOINTS:
        body = {"url": receiver.url(path), "event_types": ["video.updated"]}
        told = client.post("/api/v1/webhooks/", json=body)
        assert told.status_code == 201, told.text
        made[path] = (told.json()["id"], told.json()["secret"])
    return made


@dataclass
class Changers:
    """Threads that change a video of their own, `total` times in all: each is one event."""

    live: Live
    founded: Founded
    total: int
    refused: list[str] = field(default_factory=list)

    def start(self) -> None:
        with self.live.client(self.founded.key) as client:
            videos = [
                create_video(client, self.founded.project, external_url=EXTERNAL)["id"]
                for _ in range(WIDTH)
            ]
        self._numbers = itertools.count(1)
        self._threads = [threading.Thread(target=self._run, args=(video,)) for video in videos]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Make no more of them."""
        self.total = 0

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    @property
    def ended(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self, video: int) -> None:
        with self.live.client(self.founded.key) as client:
            while (number := next(self._numbers)) <= self.total and not self.refused:
                self._insist(client, f"/api/v1/videos/{video}/", {"title": f"Title {number}"})
                time.sleep(WIDTH / PACE)

    def _insist(self, client: httpx2.Client, path: str, body: dict[str, Any]) -> None:
        """Ask until it is answered; that it is so already changes nothing, and is no event."""
        deadline, told = time.monotonic() + GIVE_UP, "never answered"
        while time.monotonic() < deadline:
            try:
                answered = client.patch(path, json=body)
            except httpx2.HTTPError as error:
                told = repr(error)
            else:
                if answered.is_success:
                    return
                told = f"{answered.status_code} {answered.text}"
                if answered.status_code < 500:
                    break
            time.sleep(0.1)
        self.refused.append(told)
