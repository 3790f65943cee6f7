"""The server keeps serving, however many connections there are."""

import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from playout.runtime import Runtime
from playout.server.limits import connections_for
from tests.helpers.live import create_video, serving, until
from tests.server.helpers.tools import (
    HEALTH,
    POST,
    STREAM,
    Client,
    connect,
    serving_with,
    small_app,
)

pytestmark = pytest.mark.slow

ONE = POST + b"Content-Length: 1\r\n\r\na"
LIMITS = {"soft": "ulimit -Sn 1024", "hard": "ulimit -Sn 1024; ulimit -Hn 1024"}


class TestTooManyConnections:
    def test_take_the_places_of_the_oldest_idle_ones(self, runtime: Runtime) -> None:
        with serving_with(runtime, small_app, connections=3) as served:
            stream, *idle = [served.connect() for _ in range(3)]
            stream.send(STREAM)
            assert stream.status() == 200
            with served.connect() as newest:
                newest.send(ONE)
                assert newest.answer() == (200, b"1")
                assert idle[0].closed_after(5) < 1
                idle[1].send(ONE)
                assert idle[1].answer() == (200, b"1")
                stream.closed_after()
                assert stream.received.count(b"data: ") == 4
            for client in (stream, *idle):
                client.socket.close()

    def test_are_answered_503_where_all_others_are_in_use(self, runtime: Runtime) -> None:
        with serving_with(runtime, small_app, connections=1) as served, served.connect() as stream:
            stream.send(STREAM)
            assert stream.status() == 200
            with served.connect() as client:
                client.send(HEALTH)
                status, sentence = client.answer()
                assert (status, sentence[:35]) == (503, b"The server has too many connections")
                assert client.closed_after(5) < 1
            stream.closed_after()
            assert stream.received.count(b"data: ") == 4


@pytest.fixture
def many_files() -> Iterator[None]:
    """Let this process open more files than there are connections in a test."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8_192), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.slow
@pytest.mark.usefixtures("many_files")
class TestTwoThousandIdleSockets:
    def test_leave_the_server_serving(self, tmp_path: Path) -> None:
        with ExitStack() as stack:
            idle = [
                each
                for name, limit in LIMITS.items()
                for each in stack.enter_context(idle_connections(tmp_path / name, limit))
            ]
            until(lambda: all_closed(idle), 30, "all idle sockets closed by their servers")


@contextmanager
def idle_connections(folder: Path, limit: str) -> Iterator[list[Client]]:
    """Connections that say nothing, to a server under a limit, which still answers others."""
    folder.mkdir()
    with serving(folder, wrapped_in=("sh", "-c", f'{limit}; exec "$@"', "sh")) as live:
        acme = live.found("Acme")
        idle = [connect(live.port) for _ in range(2_000)]
        began = time.monotonic()
        assert httpx2.get(f"{live.url}/readyz", timeout=10).status_code == 200
        with live.client(acme.key) as client:
            create_video(client, acme.project)
        assert time.monotonic() - began < 5
        yield idle


def all_closed(clients: list[Client]) -> bool:
    for client in clients[:]:
        client.socket.settimeout(0.001)
        try:
            if client.socket.recv(4096) == b"":
                client.socket.close()
                clients.remove(client)
        except TimeoutError:
            return False
        except ConnectionError:
            client.socket.close()
            clients.remove(client)
    return not clients


class TestConnectionsFor:
    @pytest.mark.parametrize(
        ("files", "connections"), [(256, 128), (1_024, 512), (4_096, 3_584), (65_536, 10_000)]
    )
    def test_leave_files_to_the_rest_of_the_process(self, files: int, connections: int) -> None:
        assert connections_for(files) == connections
