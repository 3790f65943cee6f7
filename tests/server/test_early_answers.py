"""Clients and proxies see an answer that did not wait for the whole request."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from playout.runtime import Runtime
from tests.helpers.live_nginx import serving_nginx
from tests.helpers.tenants import Tenant
from tests.server.helpers.tools import HEALTH, Served, connect, serving_with

MIB = 1024 * 1024
SOURCE = "PUT /api/v1/videos/1/source/"
VIDEO = "POST /api/v1/videos/"
WAYS = {
    "as nginx does by itself": "",
    "unbuffered": "proxy_request_buffering off; proxy_http_version 1.1;",
    "kept alive": 'proxy_http_version 1.1; proxy_set_header Connection "";',
}


@pytest.fixture(scope="module")
def served(runtime: Runtime) -> Iterator[Served]:
    with serving_with(runtime) as served:
        yield served


def head(route: str, version: str = "1.1", key: str = "wrong", **headers: object) -> bytes:
    lines = {"Host": "x", "Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    lines |= {name.replace("_", "-"): str(value) for name, value in headers.items()}
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{route} HTTP/{version}\r\n{text}\r\n".encode()


def send_whole_body(port: int, start: bytes, length: int = 20 * MIB) -> bytes:
    """Send a request whole before looking for an answer; return the head of the answer."""
    with connect(port) as client:
        client.send(start)
        for _ in range(length // MIB):
            client.send(b"a" * MIB)
        return client.head()


class TestRefusedBody:
    @pytest.mark.parametrize("version", ["1.0", "1.1"])
    @pytest.mark.parametrize("connection", ["close", "keep-alive"])
    def test_of_20_mib_is_told_401(self, served: Served, version: str, connection: str) -> None:
        start = head(SOURCE, version, Content_Length=20 * MIB, Connection=connection)
        answer = send_whole_body(served.port, start)
        assert b" 401 " in answer
        assert b"connection: close" in answer

    def test_of_20_mib_is_told_413(self, served: Served, tenant: Tenant) -> None:
        start = head(VIDEO, "1.1", tenant.key, Content_Length=20 * MIB, Connection="close")
        assert b" 413 " in send_whole_body(served.port, start)

    def test_with_an_endless_header_is_told_431(self, served: Served) -> None:
        assert b" 431 " in send_whole_body(served.port, b"GET / HTTP/1.1\r\nX-A: ", 20 * MIB)

    def test_is_no_longer_read_after_32_mib(self, served: Served) -> None:
        with connect(served.port) as client:
            client.send(head(SOURCE, Content_Length=1_000 * MIB))
            with pytest.raises(ConnectionError):
                client.send(b"a" * 100 * MIB)

    def test_is_no_longer_waited_for_after_some_seconds(self, runtime: Runtime) -> None:
        with serving_with(runtime, linger_seconds=0.5) as served, connect(served.port) as client:
            client.send(head(SOURCE, Content_Length=20 * MIB))
            assert client.status() == 401
            began = time.monotonic()
            with contextlib.suppress(ConnectionError):
                while time.monotonic() - began < 5:
                    client.send(b"a")
                    time.sleep(0.05)
            assert time.monotonic() - began < 3
            assert served.open_connections() == 0

    def test_of_a_client_that_closes_ends_the_connection_at_once(self, served: Served) -> None:
        with connect(served.port) as client:
            client.send(head(SOURCE, Content_Length=20 * MIB))
            assert client.status() == 401
        time.sleep(0.3)
        assert served.open_connections() == 0

    def test_that_is_here_before_the_answer_keeps_the_connection(self, served: Served) -> None:
        with connect(served.port) as client:
            client.send(head(SOURCE, Content_Length=3) + b"abc")
            assert client.answer()[0] == 401
            client.send(HEALTH)
            assert client.answer()[0] == 200


@pytest.mark.parametrize("way", WAYS)
class TestRefusedBodyBehindNginx:
    def test_of_20_mib_is_told_401(self, served: Served, tmp_path: Path, way: str) -> None:
        with serving_nginx(tmp_path, served.port, WAYS[way]) as port:
            start = head(SOURCE, Content_Length=20 * MIB)
            assert b" 401 " in send_whole_body(port, start)

    def test_of_20_mib_is_told_413(
        self, served: Served, tenant: Tenant, tmp_path: Path, way: str
    ) -> None:
        with serving_nginx(tmp_path, served.port, WAYS[way]) as port:
            start = head(VIDEO, key=tenant.key, Content_Length=20 * MIB)
            assert b" 413 " in send_whole_body(port, start)
