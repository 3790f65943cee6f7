"""Downloads through the address guard."""

import time
from ipaddress import ip_network

import pytest

from playout.kit.errors import TooLarge
from playout.kit.outbound.address_guard import OutboundError
from playout.kit.outbound.client import OutboundClient
from tests.kit.helpers.outbound_server import answering

LOOPBACK = OutboundClient([ip_network("127.0.0.0/8")])


@pytest.fixture
def server():
    with answering() as server:
        yield server


@pytest.fixture
def fetch(server):
    def fetch(path: str, limit: int = 100, timeout: float = 5, outbound: OutboundClient = LOOPBACK):
        url = path.format(port=server.server_port)
        url = url if "://" in url else f"http://127.0.0.1:{server.server_port}{url}"
        with outbound.download(url, limit, timeout) as chunks:
            return b"".join(chunks)

    return fetch


class TestDownload:
    def test_an_allowed_network_may_be_reached(self, server, fetch):
        assert fetch("/ok") == b"0123456789"
        assert server.asked[0][1]["Host"] == f"127.0.0.1:{server.server_port}"

    def test_the_same_address_is_refused_unless_its_network_is_allowed(self, server, fetch):
        with pytest.raises(OutboundError, match="may not be reached"):
            fetch("/ok", outbound=OutboundClient())
        assert server.asked == []

    def test_path_and_query_are_sent_unchanged(self, server, fetch):
        fetch("/ok%2F%20x?a=b%26&c=//d")
        assert server.asked[0][0] == "/ok%2F%20x?a=b%26&c=//d"

    @pytest.mark.parametrize("path", ["/moved", "/here"])
    def test_redirects_are_not_followed(self, server, fetch, path):
        with pytest.raises(OutboundError, match="status 30"):
            fetch(path)
        assert [asked[0] for asked in server.asked] == [path]

    @pytest.mark.parametrize("path", ["/gone", "/part", "/empty"])
    def test_any_other_status_is_refused(self, fetch, path):
        with pytest.raises(OutboundError, match="status"):
            fetch(path)

    def test_a_body_over_the_limit_is_refused(self, fetch):
        assert fetch("/ok", limit=10)
        with pytest.raises(TooLarge):
            fetch("/ok", limit=9)

    @pytest.mark.parametrize("path", ["/drip", "/slow-headers"])
    def test_a_slow_answer_is_given_up_at_the_timeout(self, fetch, path):
        started = time.monotonic()
        with pytest.raises(OutboundError, match="too long"):
            fetch(path, limit=1000, timeout=0.2)
        assert time.monotonic() - started < 1

    def test_credentials_in_the_address_are_not_sent(self, server, fetch):
        fetch("http://me:secret@127.0.0.1:{port}/ok")
        assert "Authorization" not in server.asked[0][1]

    def test_proxies_of_the_environment_are_ignored(self, fetch, monkeypatch):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        assert fetch("/ok") == b"0123456789"

    def test_a_closed_port_could_not_be_reached(self):
        with (
            pytest.raises(OutboundError, match="could not be reached"),
            LOOPBACK.download("http://127.0.0.1:1/", 10, 5),
        ):
            pass
