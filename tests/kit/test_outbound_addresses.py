"""Which addresses may be reached, in all spellings, by downloads and POST requests.

Two checks show that no connection is made: the calls of sockets are recorded, and a listener waits
on both loopback addresses.
"""

import asyncio
import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_network

import pytest

from playout.kit.outbound.address_guard import OutboundError
from playout.kit.outbound.client import OutboundClient
from tests.kit.helpers.outbound_server import Listener

DENIED = (
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200"),
    *("127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254", "169.254.170.2"),
    *("169.254.0.1", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1"),
    *("192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.1.1", "192.175.48.1", "198.18.0.1"),
    *("198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255"),
    *("240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:a00:1"),
    *("::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::a00:1"),
    *("100::1", "100:0:0:1::1", "2001::1", "2001:0:7f00:1::", "2001:10::1", "2001:db8::1"),
    *("2002:7f00:1::", "2002:0808:0808::", "3fff::1", "4000::1", "5f00::1", "8000::1"),
    *("fc00::1", "fd00:ec2::254", "fd20:ce::254", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1"),
)
WRITTEN_OTHERWISE = (
    *("127.0.0.1", "2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "0x7f.1", "127.1"),
    *("127.0.1", "0177.0x0.0.1", "127.0.0.1.", "0", "0x0", "00000", "localhost", "LOCALHOST"),
    *("2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518"),
    *("[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"),
    *("[::]", "[::1%25lo]", "[::1%lo]", "[fe80::1%25lo]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
    *("me:secret@127.0.0.1", "8.8.8.8@127.0.0.1", "8.8.8.8:80@127.0.0.1", "8.8.8.8%40@127.0.0.1"),
    *("127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "１２７.0.0.1", "①②⑦.0.0.1", "ⓛocalhost"),
    *("%31%32%37.0.0.1", "127.0.0.1%00.example.com"),
)
NO_ADDRESS = (
    *("", "x", "http://", "http:///x", "//127.0.0.1/", "file:///etc/passwd", "ftp://8.8.8.8/"),
    *("gopher://8.8.8.8/", "data:text/plain,x", "javascript:1", "http://[::1", "http://8.8.8.8:x/"),
    *("http://8.8.8.8:99999/", "http://8.8.8.8:65616/", "http://8.8.8.8:-1/", "http://8.8.8.8:0/"),
    *("http://a\x00b/", "http://[v1.x]/", "http://8.8.8.8:0x50/", "http://8.8.8.8\r\nX: y/"),
    *("http://" + "a" * 300 + "/", "http://a..b/", "http://\ud800/", "https://[::1]x/"),
    *("http://8.8.8.8\\@127.0.0.1/", "unix:///run/x.sock", "http+unix://%2Frun%2Fx.sock/"),
)
PUBLIC = ("8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "2606:4700::1111")

Reach = Callable[[OutboundClient, str], None]


def download(outbound: OutboundClient, url: str) -> None:
    with outbound.download(url, 10, 5) as chunks:
        list(chunks)


def post(outbound: OutboundClient, url: str) -> None:
    async def once() -> None:
        async with outbound.post_client(1) as client:
            await client.post(url, b"", {}, 5, 10)

    asyncio.run(once())


@pytest.fixture(params=[download, post])
def reach(request) -> Reach:
    return request.param


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def connected(monkeypatch) -> list[str]:
    """The addresses to which a connection is tried. All of the attempts fail."""
    tried: list[str] = []

    def connect(_, address) -> None:
        tried.append(address[0])
        raise ConnectionRefusedError

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, connect)
    return tried


@pytest.fixture
def resolves(monkeypatch):
    """Make every name resolve to these addresses: each look-up gets the next of several sets."""
    plain = socket.getaddrinfo
    looked_up: list[str] = []

    def to(*answers: tuple[str, ...]) -> list[str]:
        def getaddrinfo(host, port, *rest, **options):
            if host != "example.com":
                return plain(host, port, *rest, **options)
            addresses = answers[min(len(looked_up), len(answers) - 1)]
            looked_up.append(host)
            return [
                (socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, port))
                for each in addresses
            ]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return looked_up

    return to


class TestDenied:
    @pytest.mark.parametrize("address", DENIED)
    def test_a_name_that_resolves_to_it_is_refused(self, reach, resolves, connected, address):
        resolves((address,))
        with pytest.raises(OutboundError, match="may not be reached"):
            reach(OutboundClient(), "http://example.com/v.mp4")
        assert connected == []

    @pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "fd00::1", "64:ff9b::a00:1"])
    def test_one_denied_address_among_public_ones(self, reach, resolves, connected, address):
        resolves(("8.8.8.8", address, "2606:4700::1111"))
        with pytest.raises(OutboundError, match="may not be reached"):
            reach(OutboundClient(), "https://example.com/v.mp4")
        assert connected == []

    @pytest.mark.parametrize("host", WRITTEN_OTHERWISE)
    def test_no_spelling_of_it_reaches_a_listener(self, reach, listener, host):
        with pytest.raises(OutboundError):
            reach(OutboundClient(), f"http://{host}:{listener.port}/v.mp4")
        assert listener.heard() == 0

    @pytest.mark.parametrize("host", WRITTEN_OTHERWISE)
    def test_no_spelling_of_it_opens_a_socket(self, reach, connected, host):
        with pytest.raises(OutboundError):
            reach(OutboundClient(), f"http://{host}/v.mp4")
        assert connected == []

    @pytest.mark.parametrize("url", NO_ADDRESS)
    def test_a_text_that_is_no_web_address_is_refused(self, reach, connected, url):
        with pytest.raises(OutboundError):
            reach(OutboundClient(), url)
        assert connected == []


class TestPermitted:
    @pytest.mark.parametrize("address", PUBLIC)
    def test_the_connection_goes_to_the_public_address(self, reach, resolves, connected, address):
        resolves((address,))
        with pytest.raises(OutboundError, match="could not be reached"):
            reach(OutboundClient(), "https://example.com/v.mp4")
        assert connected == [address]

    def test_a_name_is_resolved_only_once(self, reach, resolves, connected):
        looked_up = resolves(("8.8.8.8",), ("127.0.0.1",))
        with pytest.raises(OutboundError, match="could not be reached"):
            reach(OutboundClient(), "http://example.com/v.mp4")
        assert (looked_up, connected) == (["example.com"], ["8.8.8.8"])

    def test_the_next_address_is_tried_if_one_does_not_answer(self, reach, resolves, connected):
        resolves(("2606:4700::1111", "8.8.8.8"))
        with pytest.raises(OutboundError, match="could not be reached"):
            reach(OutboundClient(), "http://example.com/v.mp4")
        assert connected == ["2606:4700::1111", "8.8.8.8"]


class TestAllowed:
    @pytest.mark.parametrize(
        ("network", "inside", "outside"),
        [
            ("127.0.0.2/32", "127.0.0.2", ("127.0.0.1", "127.0.0.3", "::ffff:127.0.0.2", "::1")),
            ("10.1.0.0/16", "10.1.255.255", ("10.0.255.255", "10.2.0.0", "::ffff:10.1.0.1")),
            ("fd00:1::/32", "fd00:1::1", ("fd00:2::1", "fe80::1", "::1")),
            ("64:ff9b::808:0/112", "64:ff9b::808:808", ("64:ff9b::a00:1", "64:ff9b::809:1")),
        ],
    )
    def test_only_the_allowed_networks_are_reached(
        self, reach, resolves, connected, network, inside, outside
    ):
        outbound = OutboundClient([ip_network(network)])
        resolves((inside,), *((each,) for each in outside))
        with pytest.raises(OutboundError, match="could not be reached"):
            reach(outbound, "http://example.com/")
        for _ in outside:
            with pytest.raises(OutboundError, match="may not be reached"):
                reach(outbound, "http://example.com/")
        assert connected == [inside]
