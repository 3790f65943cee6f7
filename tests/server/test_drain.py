"""A server that is asked to end lets a balancer notice, and cuts nothing off without an answer."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from playout.runtime import Runtime
from tests.helpers.live import Live, create_video, serving, until
from tests.helpers.tenants import Tenant
from tests.server.helpers.tools import HEALTH, Client, Served, serving_with

pytestmark = pytest.mark.slow

DRAIN = 3
LENGTH = 1_000_000
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def served(runtime: Runtime) -> Iterator[Served]:
    settings = runtime.settings.model_copy(update={"drain_seconds": DRAIN})
    with serving_with(runtime, settings=settings) as served:
        yield served


def terminate(served: Served) -> None:
    served.server.handle_exit(signal.SIGTERM, None)


def begin(served: Served, method: str, path: str, headers: dict[str, str]) -> Client:
    """Send the head of a request with a body, and a few bytes of the body."""
    lines = headers | {"Host": "x", "Content-Length": str(LENGTH)}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    client = served.connect()
    client.send(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + b"a" * 3_000)
    time.sleep(0.3)
    return client


def create_upload(served: Served, headers: dict[str, str]) -> str:
    headers = headers | TUS | {"Upload-Length": str(LENGTH)}
    created = httpx2.post(f"{served.url}/uploads/", headers=headers)
    return str(created.headers["location"]).removeprefix("http://testserver")


class TestDrain:
    def test_is_seen_at_readyz_at_once_while_requests_are_served(self, served: Served) -> None:
        terminate(served)
        ready = httpx2.get(f"{served.url}/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "draining")
        for _ in range(3):
            assert httpx2.get(f"{served.url}/").status_code == 200

    def test_ends_each_connection_with_its_next_answer(self, served: Served) -> None:
        with served.connect() as kept, served.connect() as new:
            for client in (kept, new):
                client.send(HEALTH)
                assert b"connection: close" not in client.head()
                client.answer()
            terminate(served)
            for client in (kept, new):
                client.send(HEALTH)
                assert b"connection: close" in client.head()
                assert client.closed_after() < 1

    def test_ends_event_streams(self, served: Served, tenant: Tenant) -> None:
        url = f"{served.url}/api/v1/events/stream/"
        with httpx2.stream("GET", url, headers=tenant.headers, timeout=10) as stream:
            began = time.monotonic()
            terminate(served)
            for _ in stream.iter_bytes():
                pass
            assert time.monotonic() - began < 2
        assert not served.runtime.stopping.is_set()

    def test_lets_an_upload_end(self, served: Served, tenant: Tenant) -> None:
        address = create_upload(served, tenant.headers)
        headers = tenant.headers | TUS | BYTES | {"Upload-Offset": "0"}
        with begin(served, "PATCH", address, headers) as client:
            terminate(served)
            time.sleep(1)
            client.send(b"a" * (LENGTH - 3_000))
            assert client.status() == 204
            assert b"connection: close" in client.head()

    def test_ends_after_its_time_and_then_jobs_are_given_back(self, served: Served) -> None:
        terminate(served)
        time.sleep(DRAIN - 1)
        assert not served.runtime.stopping.is_set()
        assert served.runtime.stopping.wait(3)
        until(lambda: served.open_connections() == 0 and served.server.should_exit, 3, "the end")

    def test_is_cut_short_by_a_second_signal(self, served: Served) -> None:
        terminate(served)
        terminate(served)
        assert served.runtime.stopping.is_set()
        assert served.server.should_exit

    def test_does_not_follow_from_ctrl_c(self, served: Served) -> None:
        served.server.handle_exit(signal.SIGINT, None)
        assert served.server.should_exit

    def test_takes_no_time_where_none_is_set(self, runtime: Runtime) -> None:
        with serving_with(runtime) as served:
            terminate(served)
            assert served.runtime.draining.is_set()
            assert served.runtime.stopping.is_set()
            assert served.server.should_exit


class TestUploadCutOffByTheStop:
    def test_of_tus_is_told_503_and_what_came_counts(
        self, runtime: Runtime, tenant: Tenant
    ) -> None:
        with serving_with(runtime) as served, serving_with(runtime) as other:
            address = create_upload(served, tenant.headers)
            headers = tenant.headers | TUS | BYTES | {"Upload-Offset": "0"}
            with begin(served, "PATCH", address, headers) as client:
                terminate(served)
                status, sentence = client.answer()
                assert (status, sentence[:23]) == (503, b"The server is stopping.")
            found = httpx2.head(f"{other.url}{address}", headers=tenant.headers | TUS)
            assert found.headers["upload-offset"] == "3000"

    def test_of_a_source_is_told_when_to_come_back(self, runtime: Runtime, tenant: Tenant) -> None:
        with serving_with(runtime) as served:
            with httpx2.Client(base_url=served.url, headers=tenant.headers) as api:
                video = create_video(api, tenant.project_id)
            headers = tenant.headers | {"Content-Type": "application/octet-stream"}
            path = f"/api/v1/videos/{video['id']}/source/"
            with begin(served, "PUT", path, headers) as client:
                terminate(served)
                head = client.head()
                assert head.startswith(b"HTTP/1.1 503 ")
                assert b"\r\nretry-after: 5" in head
                assert b"\r\nconnection: close" in head

    def test_ends_within_the_time_of_a_stop(self, runtime: Runtime, tenant: Tenant) -> None:
        with serving_with(runtime) as served:
            address = create_upload(served, tenant.headers)
            headers = tenant.headers | TUS | BYTES | {"Upload-Offset": "0"}
            client = begin(served, "PATCH", address, headers)
            began = time.monotonic()
            terminate(served)
        assert time.monotonic() - began < 4
        client.socket.close()


@pytest.mark.slow
class TestSigterm:
    def test_of_a_process_with_a_drain(self, tmp_path: Path) -> None:
        with serving(tmp_path, settings={"PLAYOUT_DRAIN_SECONDS": "2"}) as live:
            began = time.monotonic()
            live.process.terminate()
            until(lambda: ready(live) == 503, 1, "503 of /readyz")
            while time.monotonic() - began < 1.5:
                assert httpx2.get(f"{live.url}/").status_code == 200
            assert live.process.wait(15) == 0
            assert time.monotonic() - began > 2
            live.process = None


def ready(live: Live) -> int:
    return httpx2.get(f"{live.url}/readyz").status_code
