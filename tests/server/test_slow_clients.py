"""A connection that brings nothing is closed; one that makes progress is not."""

import time
from collections.abc import Iterator

import httpx2
import pytest

from playout.runtime import Runtime
from playout.server.limits import ConnectionLimits
from tests.helpers.live import until
from tests.helpers.tenants import Tenant
from tests.server.helpers.tools import Served, serving_with, small_app

pytestmark = pytest.mark.slow

BODY_SECONDS = 1.0
SHORT = {
    "head_seconds": 0.6,
    "body_seconds": BODY_SECONDS,
    "keep_alive_seconds": 1,
    "linger_seconds": 0.5,
}
POST = b"POST /read HTTP/1.1\r\nHost: x\r\n"
LONG = POST + b"Content-Length: 1000000\r\n\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
HALVES = {
    "method": b"GE",
    "line": b"GET /healthz",
    "header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b",
    "empty lines": b"\r\n",
    "body": LONG + b"abc",
    "chunked body": CHUNKED + b"3\r\nabc\r\n",
    "trailers": CHUNKED + b"3\r\nabc\r\n0\r\nX-A: b",
}
LATE = b"The request did not arrive in time. Send it again.\n"
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


@pytest.fixture(scope="module")
def served(runtime: Runtime) -> Iterator[Served]:
    with serving_with(runtime, small_app, **SHORT) as served:
        yield served


class TestHalfARequest:
    def test_is_answered_408_and_closed(self, served: Served) -> None:
        clients = {name: served.connect() for name in HALVES}
        for name, client in clients.items():
            client.send(HALVES[name])
        answers = {name: client.answer() for name, client in clients.items()}
        assert answers == dict.fromkeys(HALVES, (408, LATE))
        for client in clients.values():
            assert client.closed_after() < 2
            client.socket.close()

    def test_that_grows_by_a_byte_now_and_then_is_answered_408(self, served: Served) -> None:
        began = time.monotonic()
        with served.connect() as client:
            client.send(b"GET /healthz HTTP/1.1\r\nX-A: ")
            client.socket.settimeout(0.1)
            while not client.received:
                client.send(b"a")
                try:
                    client.received = client.socket.recv(65536)
                except TimeoutError:
                    assert time.monotonic() - began < 5
            assert client.status() == 408

    def test_that_follows_another_on_its_connection_is_answered_408(self, served: Served) -> None:
        with served.connect() as client:
            client.send(POST + b"Content-Length: 1\r\n\r\na")
            assert client.answer() == (200, b"1")
            client.send(b"GET /healthz")
            assert client.answer()[0] == 408


class TestIdleConnection:
    def test_that_never_sent_anything_is_closed_without_an_answer(self, served: Served) -> None:
        with served.connect() as client:
            assert client.closed_after(5) < 2
            assert client.received == b""

    def test_is_kept_for_its_next_request_for_some_time_only(self, served: Served) -> None:
        with served.connect() as client:
            for _ in range(2):
                client.send(POST + b"Content-Length: 1\r\n\r\na")
                assert client.answer() == (200, b"1")
                time.sleep(0.5)
            assert client.closed_after(5) < 2
            assert client.received == b""

    def test_is_kept_for_30_seconds_where_nothing_else_is_said(self) -> None:
        limits = ConnectionLimits()
        assert (limits.head_seconds, limits.keep_alive_seconds) == (10, 30)
        assert (limits.body_rate, limits.body_seconds) == (1024, 30)


class TestProgress:
    def test_lets_an_upload_take_as_long_as_it_takes(self, served: Served) -> None:
        with served.connect() as client:
            client.send(POST + b"Content-Length: 12000\r\n\r\n")
            for _ in range(12):
                client.send(b"a" * 1000)
                time.sleep(BODY_SECONDS / 4)
            assert client.answer() == (200, b"12000")

    def test_below_the_slowest_rate_ends_an_upload(self, served: Served) -> None:
        with served.connect() as client:
            client.send(LONG)
            for _ in range(12):
                client.send(b"a" * 100)
                time.sleep(BODY_SECONDS / 10)
            assert client.status() == 408

    def test_is_not_asked_of_a_client_that_waits_for_the_server_to_read(
        self, served: Served
    ) -> None:
        with served.connect() as client:
            late = LONG.replace(b"/read", b"/late")
            client.send(late + b"a" * 1_000_000)
            assert client.answer() == (200, b"1000000")

    def test_is_not_asked_of_a_client_that_waits_for_100_continue(self, served: Served) -> None:
        with served.connect() as client:
            head = b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n"
            client.send(POST.replace(b"/read", b"/late") + head)
            assert client.head() == b"HTTP/1.1 100 Continue"
            client.received = b""
            client.send(b"abc")
            assert client.answer() == (200, b"3")

    def test_is_not_asked_of_one_that_reads_a_stream(self, served: Served) -> None:
        with served.connect() as client:
            client.send(b"GET /events HTTP/1.0\r\nHost: x\r\n\r\n")
            client.closed_after()
            assert client.received.count(b"data: ") == 4

    def test_of_an_upload_that_stops_for_good_counts_and_tus_clients_are_told_to_come_back(
        self, runtime: Runtime, tenant: Tenant
    ) -> None:
        with serving_with(runtime, **SHORT) as served:
            own = tenant.headers | TUS
            created = httpx2.post(
                f"{served.url}/uploads/", headers=own | {"Upload-Length": "1000000"}
            )
            address = created.headers["location"].removeprefix("http://testserver")
            lines = own | BYTES | {"Upload-Offset": "0", "Content-Length": "1000000"}
            head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
            with served.connect() as client:
                client.send(f"PATCH {address} HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
                client.send(b"a" * 3_000)
                assert client.status() == 503
                assert b"retry-after: " in client.head()
                assert client.closed_after(5) < 2
            until(lambda: offset(served, address, own) == 3_000, 5, "the bytes that came")


def offset(served: Served, address: str, headers: dict[str, str]) -> int:
    answer = httpx2.head(f"{served.url}{address}", headers=headers)
    return int(answer.headers["upload-offset"])
