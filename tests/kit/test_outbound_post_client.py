"""POST requests through the address guard."""

import asyncio
import time
from ipaddress import ip_network

import pytest

from playout.kit.outbound.address_guard import OutboundError
from playout.kit.outbound.client import OutboundClient, OutboundResponse
from tests.kit.helpers.outbound_server import answering

LOOPBACK = OutboundClient([ip_network("127.0.0.0/8")])


@pytest.fixture
def server():
    with answering() as server:
        yield server


@pytest.fixture
def send(server):
    """Post to each of the paths, one after the other, with one client."""

    def send(*paths: str, timeout: float = 5, keep: int = 1024) -> list[OutboundResponse]:
        async def all_of_them() -> list[OutboundResponse]:
            base = f"http://127.0.0.1:{server.server_port}"
            async with LOOPBACK.post_client(4) as client:
                return [
                    await client.post(base + path, b"{}", {"X-Told": "yes"}, timeout, keep)
                    for path in paths
                ]

        return asyncio.run(all_of_them())

    return send


class TestPost:
    def test_body_and_headers_arrive_unchanged(self, server, send):
        (reply,) = send("/ok")
        _, headers, body, _ = server.asked[0]
        assert (body, headers["X-Told"], headers["Content-Length"]) == (b"{}", "yes", "2")
        assert (reply.status, reply.body) == (200, b"0123456789")
        assert reply.headers["content-length"] == "10"

    @pytest.mark.parametrize(("path", "status"), [("/gone", 410), ("/moved", 302), ("/empty", 204)])
    def test_any_status_is_an_answer_and_no_redirect_is_followed(self, server, send, path, status):
        assert send(path)[0].status == status
        assert len(server.asked) == 1

    def test_the_body_of_the_answer_is_cut_off(self, send):
        assert send("/ok", keep=4)[0].body == b"0123"

    def test_one_connection_serves_several_posts(self, server, send):
        send("/ok", "/ok", "/ok")
        assert len({client for _, _, _, client in server.asked}) == 1

    @pytest.mark.parametrize("path", ["/drip", "/slow-headers"])
    def test_a_slow_answer_is_given_up_at_the_timeout(self, send, path):
        started = time.monotonic()
        with pytest.raises(OutboundError, match="too long"):
            send(path, timeout=0.2)
        assert time.monotonic() - started < 1

    def test_proxies_of_the_environment_are_ignored(self, send, monkeypatch):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        assert send("/ok")[0].status == 200
