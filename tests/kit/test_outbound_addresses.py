"""Which addresses may be reached, however they are written."""

import socket

import pytest

from playout.kit.outbound import Outbound, Refused

DENIED = (
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "127.0.0.1"),
    *("127.255.255.254", "168.63.129.16", "169.254.169.254", "169.254.0.1", "172.16.0.1"),
    *("172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1"),
    *("198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1"),
    *("239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:a00:1"),
    *("64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::a00:1", "100::1", "2001::1"),
    *("2001:0:7f00:1::", "2001:10::1", "2001:db8::1", "2002:7f00:1::", "2002:0808:0808::"),
    *("3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1"),
)
WRITTEN_OTHERWISE = (
    *("2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "0x7f.1", "127.1", "127.0.1"),
    *("0", "0x0", "00000", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376"),
    *("[::1]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]", "[::ffff:7f00:1]", "[fe80::1%25lo]"),
    *("me:secret@127.0.0.1", "8.8.8.8@127.0.0.1", "8.8.8.8:80@10.0.0.1", "127.0.0.1."),
)
NO_ADDRESS = (
    *("", "x", "http://", "http:///x", "//127.0.0.1/", "file:///etc/passwd", "ftp://8.8.8.8/"),
    *("gopher://8.8.8.8/", "data:text/plain,x", "javascript:1", "http://[::1", "http://8.8.8.8:x/"),
    *("http://8.8.8.8:99999/", "http://8.8.8.8:-1/", "http://a\x00b/", "http://[v1.x]/"),
    *("http://" + "a" * 300 + "/", "http://a..b/", "http://\ud800/", "http://8.8.8.8:0x50/"),
    *("https://[::1]x/", "http://8.8.8.8\\@127.0.0.1/"),
)
PUBLIC = ("8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "2606:4700::1111")


@pytest.fixture
def resolves(monkeypatch):
    """Has every name stand for these addresses."""

    def to(*addresses: str) -> None:
        entries = [(0, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)

    return to


@pytest.fixture
def unreachable(monkeypatch):
    """Fails the test when a connection is made at all."""

    def connect(*_, **__):
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket.socket, "connect", connect)


def fetch(outbound: Outbound, url: str) -> None:
    with outbound.download(url, 10, 5) as chunks:
        list(chunks)


@pytest.mark.usefixtures("unreachable")
class TestDenied:
    @pytest.mark.parametrize("address", DENIED)
    def test_a_name_that_stands_for_it_is_refused(self, resolves, address):
        resolves(address)
        with pytest.raises(Refused, match="may not be reached"):
            fetch(Outbound(), "http://example.com/v.mp4")

    @pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "fd00::1", "64:ff9b::a00:1"])
    def test_one_bad_address_among_good_ones_is_enough(self, resolves, address):
        resolves("8.8.8.8", address)
        with pytest.raises(Refused, match="may not be reached"):
            fetch(Outbound(), "https://example.com/v.mp4")

    @pytest.mark.parametrize("host", WRITTEN_OTHERWISE)
    def test_however_it_is_written(self, host):
        with pytest.raises(Refused):
            fetch(Outbound(), f"http://{host}/v.mp4")

    @pytest.mark.parametrize("url", NO_ADDRESS)
    def test_what_is_no_web_address_is_refused(self, url):
        with pytest.raises(Refused):
            fetch(Outbound(), url)


class TestPermitted:
    @pytest.mark.parametrize("address", PUBLIC)
    def test_a_public_address_is_the_one_that_is_connected_to(self, resolves, address):
        resolves(address)
        host, chosen = Outbound()._resolve("https://example.com/v.mp4")
        assert (host, str(chosen)) == ("example.com", address)
