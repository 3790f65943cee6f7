"""`playout serve --processes 2`: one port, several processes, and nothing else to notice."""

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection

import httpx2
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.helpers.live import PLAIN, Founded, Live, serving, until

pytestmark = pytest.mark.slow

TOKEN = "a-token-for-tests-only"
DRAIN_SECONDS = 2
PROCESSES = {
    "PLAYOUT_PROCESSES": "2",
    "PLAYOUT_METRICS_TOKEN": TOKEN,
    "PLAYOUT_DRAIN_SECONDS": str(DRAIN_SECONDS),
}
SECONDS = 120.0


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("processes"), settings=PROCESSES) as live:
        yield live


@pytest.fixture(scope="module")
def founded(live: Live) -> Founded:
    return live.found("Several")


def processes(live: Live) -> list[psutil.Process]:
    """Return the processes that serve."""
    return [each for each in psutil.Process(live.pid).children() if is_server(each)]


def is_server(process: psutil.Process) -> bool:
    try:
        return "serve-process" in process.cmdline()
    except psutil.Error:  # it has ended
        return False


def pids(live: Live) -> set[int]:
    return {each.pid for each in processes(live)}


class Pinned:
    """A connection that is kept, to one of the processes."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._connection = HTTPConnection("127.0.0.1", live.port, timeout=30)

    def get(self, path: str, key: str = "") -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def pid(self) -> int:
        """Return the process that has accepted the connection."""
        port = self._connection.sock.getsockname()[1]
        for process in processes(self._live):
            with contextlib.suppress(psutil.NoSuchProcess):
                if any(
                    each.raddr and each.raddr.port == port for each in process.net_connections()
                ):
                    return process.pid
        return 0

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def pinned(live: Live) -> Iterator[list[Pinned]]:
    """One connection to each process."""
    until(lambda: len(processes(live)) == 2, SECONDS, "two processes")
    with contextlib.ExitStack() as stack:
        found: dict[int, Pinned] = {}

        def connect() -> bool:
            connection = Pinned(live)
            stack.callback(connection.close)
            assert connection.get("/healthz")[0] == 200
            found.setdefault(connection.pid(), connection)
            found.pop(0, None)
            return len(found) == 2

        until(connect, SECONDS, "a connection to each")
        yield list(found.values())


class Requests:
    """Clients that send requests on connections that they keep, until they are told to end."""

    def __init__(self, live: Live) -> None:
        self.failures: list[object] = []
        self.sent = 0
        self._url = live.url
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(4)]

    def __enter__(self) -> "Requests":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        with httpx2.Client(base_url=self._url, timeout=30, verify=PLAIN) as client:
            while not self._done.wait(0.03):
                try:
                    status = client.get("/").status_code
                except httpx2.HTTPError as error:
                    self.failures.append(error)
                else:
                    self.sent += 1
                    if status != 200:
                        self.failures.append(status)


def counted(live: Live, connection: Pinned, name: str, **labels: str) -> float:
    status, body = connection.get("/metrics", TOKEN)
    assert status == 200
    return sum(
        sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


class TestTwoProcesses:
    def test_a_revoked_key_stops_at_both_within_a_second(
        self, live: Live, founded: Founded, pinned: list[Pinned]
    ) -> None:
        with live.client(founded.key) as client:
            made = client.post("/api/v1/keys/", json={"name": "Short", "role": "Viewer"}).json()
            path = "/api/v1/videos/"
            assert [each.get(path, made["key"])[0] for each in pinned] == [200, 200]
            assert client.delete(f"/api/v1/keys/{made['id']}/").status_code == 204
        time.sleep(1)
        assert [each.get(path, made["key"])[0] for each in pinned] == [401, 401]

    def test_each_answers_metrics_for_both(self, live: Live, pinned: list[Pinned]) -> None:
        labels = {"route": "/robots.txt", "method": "GET", "status": "200"}

        def numbers() -> list[float]:
            name = "playout_requests_total"
            return [counted(live, each, name, **labels) for each in pinned]

        for connection, times in zip(pinned, (3, 4), strict=True):
            for _ in range(times):
                connection.get("/robots.txt")
        until(lambda: numbers() == [7, 7], SECONDS, "seven at both")
        limit = counted(live, pinned[0], "playout_database_connections_limit")
        assert limit == 3 * (10 // 3)

    def test_one_that_is_killed_is_replaced_and_its_counts_stay(
        self, live: Live, pinned: list[Pinned]
    ) -> None:
        def number() -> float:
            return counted(live, pinned[1], "playout_requests_total", route="/llms.txt")

        for _ in range(5):
            pinned[0].get("/llms.txt")
        until(lambda: number() == 5, SECONDS, "five at the other")
        killed = pinned[0].pid()
        os.kill(killed, signal.SIGKILL)
        until(lambda: killed not in pids(live), 10, "its end")
        with httpx2.Client(base_url=live.url, verify=PLAIN) as client:
            assert client.get("/healthz").status_code == 200
        until(lambda: len(pids(live)) == 2, SECONDS, "another in its place")
        assert number() == 5
        assert "process.died" in live.said(20_000)

    def test_sighup_replaces_all_and_loses_no_request(
        self, live: Live, pinned: list[Pinned]
    ) -> None:
        before = pids(live)
        with Requests(live) as requests:
            os.kill(live.pid, signal.SIGHUP)

            def replaced() -> bool:
                now = pids(live)
                return len(now) == 2 and not now & before

            until(replaced, 3 * SECONDS, "two others")
        assert requests.failures == []
        assert requests.sent > 100

    def test_without_sighup_readiness_is_never_lost(self, live: Live) -> None:
        assert httpx2.get(f"{live.url}/readyz", verify=PLAIN).json()["status"] == "ok"


class TestEnds:
    """What the others leave of the server, which each of these starts again."""

    def test_sigterm_drains_both_though_a_service_manager_tells_each(self, live: Live) -> None:
        with httpx2.Client(base_url=live.url, verify=PLAIN) as client:
            ids = {client.get("/").headers["x-request-id"] for _ in range(300)}
        everyone = [psutil.Process(live.pid), *processes(live)]
        began = time.monotonic()
        for each in everyone:
            each.terminate()
        until(lambda: ready(live) == 503, DRAIN_SECONDS, "503 of /readyz")
        for _ in range(5):
            assert httpx2.get(f"{live.url}/", verify=PLAIN).status_code == 200
        assert live.process is not None
        assert live.process.wait(SECONDS) == 0
        assert time.monotonic() - began > DRAIN_SECONDS
        live.process = None
        assert not any(map(runs, everyone))
        assert ids <= logged_ids(live), "each request leaves a line"
        live.start()

    def test_a_killed_supervisor_takes_its_processes_with_it(self, live: Live) -> None:
        left = processes(live)
        live.kill()
        until(lambda: not any(map(runs, left)), SECONDS, "their end")
        live.start()


def runs(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def ready(live: Live) -> int:
    return httpx2.get(f"{live.url}/readyz", verify=PLAIN).status_code


def logged_ids(live: Live) -> set[str]:
    lines = [line for line in live.log.read_text().splitlines() if line.startswith("{")]
    return {event.get("request_id") for event in map(json.loads, lines)}
