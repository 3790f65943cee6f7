"""The size of a request's head is limited, whatever the parser would take."""

import threading
import time
from collections.abc import Iterator
from statistics import median

import pytest

from playout.runtime import Runtime
from tests.server.helpers.tools import HEALTH, Served, serving_with

KIB = 1024
START = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def served(runtime: Runtime) -> Iterator[Served]:
    with serving_with(runtime) as served:
        yield served


def status_of(served: Served, *pieces: bytes) -> int:
    with served.connect() as client:
        for piece in pieces:
            client.send(piece)
        return client.status()


class TestHeaders:
    def test_of_30_kib_are_taken(self, served: Served) -> None:
        assert status_of(served, START, b"X-A: " + b"a" * 30 * KIB, b"\r\n\r\n") == 200

    def test_of_more_than_32_kib_are_refused(self, served: Served) -> None:
        assert status_of(served, START, b"X-A: " + b"a" * 33 * KIB, b"\r\n\r\n") == 431

    def test_of_more_than_32_kib_at_once_are_refused(self, served: Served) -> None:
        assert status_of(served, START + b"X-A: " + b"a" * 33 * KIB + b"\r\n\r\n") == 431

    def test_of_many_small_lines_are_refused_beyond_32_kib(self, served: Served) -> None:
        assert status_of(served, START, b"X-A: aaaaaaaa\r\n" * 3 * KIB, b"\r\n") == 431

    def test_of_many_requests_in_one_piece_do_not_add_up(self, served: Served) -> None:
        with served.connect() as client:
            request = START + b"X-A: " + b"a" * 4 * KIB + b"\r\n\r\n"
            client.send(request * 20)
            assert [client.answer()[0] for _ in range(20)] == [200] * 20

    def test_without_end_are_refused_with_a_sentence_and_the_connection_ends(
        self, served: Served
    ) -> None:
        with served.connect() as client:
            client.send(START + b"X-A: ")
            for _ in range(100):
                client.send(b"a" * KIB)
            assert client.answer() == (431, b"The headers of the request are too large.\n")
            assert client.closed_after() < 1

    def test_after_a_chunked_body_are_refused_beyond_32_kib(self, served: Served) -> None:
        start = START.replace(b"GET /healthz", b"POST /api/v1/videos/")
        body = b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\nX-A: "
        with served.connect() as client:
            client.send(start + body)
            for _ in range(64):
                client.send(b"a" * KIB)
            assert client.status() in {401, 431}
            assert client.closed_after() < 15


class TestUrl:
    def test_of_8000_bytes_is_taken(self, served: Served) -> None:
        assert status_of(served, b"GET /healthz?" + b"a" * 8_000 + b" HTTP/1.1\r\n\r\n") == 200

    @pytest.mark.parametrize("pieces", [1, 9])
    def test_of_more_than_8_kib_is_refused(self, served: Served, pieces: int) -> None:
        parts = [b"a" * (9 * KIB // pieces)] * pieces
        assert status_of(served, b"GET /", *parts, b" HTTP/1.1\r\n\r\n") == 414


class TestInvalidRequest:
    def test_is_answered_400(self, served: Served) -> None:
        with served.connect() as client:
            client.send(b"Hello, is this a server?\r\n\r\n")
            assert client.answer() == (400, b"The request is not valid HTTP.\n")

    def test_behind_one_that_is_answered_does_not_disturb_its_answer(self, served: Served) -> None:
        with served.connect() as client:
            client.send(HEALTH)
            assert client.answer()[0] == 200
            client.send(b"nonsense\r\n\r\n")
            assert client.answer()[0] == 400


@pytest.mark.slow
class TestTwoHundredEndlessHeaders:
    def test_that_begin_again_when_refused_leave_health_quick(self, runtime: Runtime) -> None:
        ended = threading.Event()
        with serving_with(runtime) as served:
            sender = threading.Thread(target=send_endless_headers, args=(served, 200, ended))
            sender.start()
            deadline, took = time.monotonic() + 4, []
            while time.monotonic() < deadline:
                took.append(served.health_seconds())
            ended.set()
            sender.join()
            assert median(took) < 0.5  # the sender takes its share of this process
            assert max(took) < 5


def send_endless_headers(served: Served, width: int, ended: threading.Event) -> None:
    """Send a header without end on each of many connections; open another for each that ends."""
    clients = [served.connect() for _ in range(width)]
    for client in clients:
        client.send(START + b"X-A: ")
    while not ended.wait(0.02):
        for at, client in enumerate(clients):
            try:
                client.send(b"a" * 64 * KIB)
            except OSError:
                client.socket.close()
                clients[at] = served.connect()
                clients[at].send(START + b"X-A: ")
    for client in clients:
        client.socket.close()
