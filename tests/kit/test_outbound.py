"""Fetching through the guard: what is asked, what is taken, what is given up."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest

from playout.kit.errors import TooLarge
from playout.kit.outbound import Outbound, Refused

LOOPBACK = Outbound([ip_network("127.0.0.0/8")])


class Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        status = {"/moved": 302, "/here": 301, "/gone": 410, "/part": 206, "/empty": 204}
        self.send_response(status.get(self.path, 200))
        if self.path in {"/moved", "/here"}:
            self.send_header("Location", "/ok")
        self.end_headers()
        if self.path == "/drip":
            for _ in range(40):
                self.wfile.write(b"x")
                time.sleep(0.05)
        elif self.path != "/empty":
            self.wfile.write(b"0123456789")

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            return


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def fetch(server):
    def fetch(path: str, limit: int = 100, timeout: float = 5, outbound: Outbound = LOOPBACK):
        url = path.format(port=server.server_port)
        url = url if "://" in url else f"http://127.0.0.1:{server.server_port}{url}"
        with outbound.download(url, limit, timeout) as chunks:
            return b"".join(chunks)

    return fetch


class TestDownload:
    def test_an_allowed_network_may_be_reached(self, server, fetch):
        assert fetch("/ok") == b"0123456789"
        assert server.asked[0][1]["Host"] == f"127.0.0.1:{server.server_port}"

    def test_without_leave_the_same_address_may_not(self, server, fetch):
        with pytest.raises(Refused, match="may not be reached"):
            fetch("/ok", outbound=Outbound())
        assert server.asked == []

    @pytest.mark.parametrize("path", ["/moved", "/here"])
    def test_redirects_are_not_followed(self, server, fetch, path):
        with pytest.raises(Refused, match="status 30"):
            fetch(path)
        assert [asked for asked, _ in server.asked] == [path]

    @pytest.mark.parametrize("path", ["/gone", "/part", "/empty"])
    def test_any_other_status_is_refused(self, fetch, path):
        with pytest.raises(Refused, match="status"):
            fetch(path)

    def test_what_is_longer_than_the_limit_is_given_up(self, fetch):
        assert fetch("/ok", limit=10)
        with pytest.raises(TooLarge):
            fetch("/ok", limit=9)

    def test_what_takes_too_long_is_given_up(self, fetch):
        started = time.monotonic()
        with pytest.raises(Refused, match="too long"):
            fetch("/drip", timeout=0.2)
        assert time.monotonic() - started < 1.5

    def test_credentials_in_the_address_are_not_sent(self, server, fetch):
        fetch("http://me:secret@127.0.0.1:{port}/ok")
        assert "Authorization" not in server.asked[0][1]

    def test_proxies_of_the_environment_are_ignored(self, fetch, monkeypatch):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        assert fetch("/ok") == b"0123456789"

    def test_nobody_there_is_told(self):
        with (
            pytest.raises(Refused, match="could not be fetched"),
            LOOPBACK.download("http://127.0.0.1:1/", 10, 5),
        ):
            pass
