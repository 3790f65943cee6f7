"""Only what trusted proxies wrote decides the address of a client."""

import asyncio
from ipaddress import ip_network

import pytest

from playout.kit.http.client_address import TrustedProxies, client_address, client_network

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def seen(peer: str, headers: list[tuple[str, str]], trusted=TRUSTED) -> tuple[str, str]:
    """The client's address and the scheme that the application sees."""
    scopes = []

    async def application(scope, receive, send):
        scopes.append(scope)

    scope = {
        "type": "http",
        "scheme": "http",
        "client": (peer, 4711),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
    }
    asyncio.run(TrustedProxies(application, trusted)(scope, None, None))
    return client_address(scopes[0]), scopes[0]["scheme"]


class TestForwardedFor:
    @pytest.mark.parametrize(
        ("value", "client"),
        [
            ("198.51.100.7", "198.51.100.7"),
            ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
            ("203.0.113.9, 198.51.100.7, 10.1.1.1", "198.51.100.7"),
            ("198.51.100.7:4711", "198.51.100.7"),
            ("2001:db8::7", "2001:db8::7"),
            ('"[2001:db8::7]:4711"', "2001:db8::7"),
            ("::ffff:198.51.100.7", "198.51.100.7"),
            ("198.51.100.7, unknown", "10.0.0.1"),
            ("198.51.100.7, evil, 10.2.2.2", "10.2.2.2"),
            ("10.3.3.3", "10.3.3.3"),
            ("", "10.0.0.1"),
        ],
    )
    def test_the_right_most_untrusted_address_is_the_client(self, value, client):
        assert seen("10.0.0.1", [("X-Forwarded-For", value)])[0] == client

    def test_a_header_that_comes_twice_is_one_list(self):
        headers = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "198.51.100.7")]
        assert seen("10.0.0.1", headers)[0] == "198.51.100.7"

    @pytest.mark.parametrize("peer", ["198.51.100.1", "testclient", "fe80::1"])
    def test_a_peer_that_is_not_trusted_is_the_client(self, peer):
        headers = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https")]
        assert seen(peer, headers) == (peer, "http")

    def test_without_the_setting_nobody_is_trusted(self):
        headers = [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https")]
        assert seen("127.0.0.1", headers, []) == ("127.0.0.1", "http")

    def test_a_trusted_proxy_may_have_an_address_of_either_kind(self):
        for peer in ("::ffff:10.0.0.1", "fd00::1"):
            assert seen(peer, [("X-Forwarded-For", "203.0.113.9")])[0] == "203.0.113.9"


class TestForwardedProto:
    @pytest.mark.parametrize(
        ("value", "scheme"),
        [("https", "https"), ("HTTPS", "https"), ("https, http", "http"), ("gopher", "http")],
    )
    def test_the_scheme_is_what_the_nearest_proxy_says(self, value, scheme):
        assert seen("10.0.0.1", [("X-Forwarded-Proto", value)])[1] == scheme


class TestClientNetwork:
    @pytest.mark.parametrize(
        ("address", "network"),
        [
            ("198.51.100.7", "198.51.100.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("testclient", "testclient"),
        ],
    )
    def test_an_ipv6_network_counts_as_one_client(self, address, network):
        assert client_network({"client": (address, 1)}) == network
