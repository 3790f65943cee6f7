"""An organization to which something happens, and a receiver that hears of it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bench.site import Server, found_organization, free_port

PATIENCE = 600.0
BODY = json.dumps({"type": "video.updated", "data": {"title": "x" * 800}}).encode()
# No event of the ledger has a number below zero.
ENTER = """
    WITH message AS (
        INSERT INTO webhook_messages (event_id, organization_id, type, at, body)
        SELECT least(0, (SELECT min(event_id) FROM webhook_messages)) - number,
            organization_id, 'video.updated', now(), %(body)s
        FROM generate_series(1, %(number)s) AS number, webhook_endpoints WHERE id = %(endpoint)s
        RETURNING event_id, organization_id
    )
    INSERT INTO webhook_deliveries (organization_id, event_id, endpoint_id)
    SELECT organization_id, event_id, %(endpoint)s FROM message
"""
PENDING = """
    SELECT (SELECT count(*) FROM webhook_deliveries WHERE state = 'pending')
        + (SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'webhooks')
"""
titles = count()


class Stage:
    """An organization with a video, and a receiver for what happens to it."""

    def __init__(
        self, server: Server, data_dir: Path, receiver: int, database: psycopg.Connection[Any]
    ) -> None:
        self.server, self.receiver, self.database = server, receiver, database
        self.key, project = found_organization(data_dir, f"Webhooks {next(titles)}")
        video = self.ask(
            "POST",
            "/api/v1/videos/",
            {"title": "V", "workspace": project, "external_url": "https://cdn.example.com/v.mp4"},
        )
        self.video = f"/api/v1/videos/{video['id']}/"

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The JSON of an answer of the server."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body)
        status, told = _asked(self.server.port, method, path, sent, headers)
        if status >= 300:
            raise RuntimeError(f"{path}: {status} {told!r}")
        return json.loads(told) if told else None

    def change(self) -> float:
        """An event; how many seconds it took to be answered."""
        started = time.perf_counter()
        self.ask("PATCH", self.video, {"title": f"Title {next(titles)}"})
        return time.perf_counter() - started

    def listen(self) -> int:
        """The id of a new endpoint."""
        body = {"url": f"http://127.0.0.1:{self.receiver}/", "event_types": ["video.updated"]}
        return int(self.ask("POST", "/api/v1/webhooks/", body)["id"])

    def stop_listening(self, endpoint: int) -> None:
        self.ask("DELETE", f"/api/v1/webhooks/{endpoint}/")

    def received(self, number: int) -> dict[str, float]:
        """When each has come by its id, once they are so many."""
        came: dict[str, float] = {}
        deadline = time.monotonic() + PATIENCE
        while len(came) < number:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{len(came)} of {number} deliveries have come.")
            time.sleep(0.05)
            came |= json.loads(_asked(self.receiver, "GET", "/", None, {})[1])
        return came

    def settle(self) -> None:
        """Wait until nothing is to be sent, and nothing to be written down."""
        while self.database.execute(PENDING).fetchone() != (0,):
            time.sleep(0.05)
        time.sleep(0.2)

    def drain(self, number: int) -> tuple[float, int]:
        """Have so many sent that wait already: deliveries a second, and bytes that were added."""
        endpoint = self.listen()
        self.ask("POST", f"/api/v1/webhooks/{endpoint}/pause/")
        values = {"number": number, "endpoint": endpoint, "body": BODY}
        self.database.execute(ENTER, values)
        before = psutil.Process(self.server.pid).memory_info().rss
        started = time.time()
        self.ask("POST", f"/api/v1/webhooks/{endpoint}/resume/")
        came = self.received(number)
        grown = psutil.Process(self.server.pid).memory_info().rss - before
        self.stop_listening(endpoint)
        return number / (max(came.values()) - started), grown


@contextmanager
def receiving() -> Iterator[int]:
    """The port of a receiver in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "bench.receiver", str(port)]
    process = subprocess.Popen(command)
    try:
        while process.poll() is None:
            try:
                _asked(port, "GET", "/", None, {})
                break
            except OSError:
                time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait()


def _asked(
    port: int, method: str, path: str, body: str | None, headers: dict[str, str]
) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
