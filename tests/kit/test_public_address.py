"""The public address: how it is written, and which host the links of an answer name."""

import pytest
from pydantic import ValidationError

from playout.kit.http.public_address import PublicAddress
from playout.settings import Settings


class TestPublicUrl:
    @pytest.mark.parametrize(
        ("written", "base_url"),
        [
            ("https://videos.example.com", "https://videos.example.com"),
            ("HTTPS://Videos.Example.com/", "https://videos.example.com"),
            ("https://example.com:443/video/", "https://example.com/video"),
            ("http://example.com:8080/a/b", "http://example.com:8080/a/b"),
            ("http://[2001:DB8::0:1]:80", "http://[2001:db8::1]"),
            ("https://example.com/~team/v1.2_x", "https://example.com/~team/v1.2_x"),
            ("", "http://127.0.0.1:8080"),
        ],
    )
    def test_it_is_kept_in_its_shortest_form(self, written, base_url):
        assert Settings(public_url=written).base_url == base_url

    @pytest.mark.parametrize(
        "written",
        [
            *("videos.example.com", "//videos.example.com", "ftp://example.com", "https://", "x:y"),
            *(
                "https://user@example.com",
                "https://user:secret@example.com",
                "https://@example.com",
            ),
            *("https://example.com?a=1", "https://example.com/#a", "https://example.com/?"),
            *("https://example.com:port", "https://example.com:99999", "http://[::1", "http://[x]"),
            *("https://example.com/a b", "https://example.com/../b", "https://example.com/a//b"),
            *("https://example.com/%61", "https://exa mple.com", "https://vidéo.example"),
            *('https://example.com/"><script>', "https://example.com;default-src", "https://-.com"),
        ],
    )
    def test_anything_else_is_refused(self, written):
        with pytest.raises(ValidationError):
            Settings(public_url=written)


class TestListening:
    @pytest.mark.parametrize(
        ("host", "url"),
        [
            ("127.0.0.1", "http://127.0.0.1:8080"),
            ("0.0.0.0", "http://127.0.0.1:8080"),
            ("::", "http://[::1]:8080"),
            ("0:0:0:0:0:0:0:0", "http://[::1]:8080"),
            ("::1", "http://[::1]:8080"),
            ("192.0.2.7", "http://192.0.2.7:8080"),
            ("localhost", "http://localhost:8080"),
        ],
    )
    def test_without_a_public_url_links_name_the_address_of_the_server(self, host, url):
        assert Settings(host=host).base_url == url


class TestAllowedHosts:
    @pytest.mark.parametrize(
        ("scheme", "host", "base_url"),
        [
            ("https", "videos.internal", "https://videos.internal/video"),
            ("http", "Videos.Internal:8080", "http://videos.internal:8080/video"),
            ("http", "192.0.2.7:8080", "http://192.0.2.7:8080/video"),
            ("http", "[2001:db8::1]:99", "http://[2001:db8::1]:99/video"),
            ("http", "192.0.2.7", "https://example.com/video"),
            ("http", "192.0.2.7:8081", "https://example.com/video"),
            ("http", "example.com", "https://example.com/video"),
            ("http", "evil.example", "https://example.com/video"),
            ("http", "videos.internal.evil.example", "https://example.com/video"),
            ("http", "videos.internal:80@evil.example", "https://example.com/video"),
            ("http", "evil.example/videos.internal", "https://example.com/video"),
            ("http", "", "https://example.com/video"),
        ],
    )
    def test_links_name_the_host_of_the_request_only_if_it_is_allowed(self, scheme, host, base_url):
        settings = Settings(
            public_url="https://example.com/video",
            allowed_hosts="videos.internal, 192.0.2.7:8080 [2001:db8::1]",
        )
        assert settings.address.for_request(scheme, host) == base_url

    @pytest.mark.parametrize(
        "host", ["https://example.com", "a/b", "user@a", "a:b", "a:99999", "*", "-", "[::1", "a?b"]
    )
    def test_what_is_no_host_is_refused(self, host):
        with pytest.raises(ValidationError):
            Settings(allowed_hosts=host)


class TestOwnAddresses:
    ADDRESS = PublicAddress("https://example.com/video", ("videos.internal",))

    @pytest.mark.parametrize(
        ("url", "part"),
        [
            ("https://example.com/video/v/a", "/v/a"),
            ("http://videos.internal:8080/video/media/a?grant=b", "/media/a?grant=b"),
            ("https://example.com/videos/a", None),
            ("https://example.com.evil.example/video/v/a", None),
            ("https://other.example/video/v/a", None),
            ("ftp://videos.internal/video/a", None),
            ("http://[", None),
            ("", None),
        ],
    )
    def test_they_are_known_by_each_of_their_hosts(self, url, part):
        assert self.ADDRESS.local_part(url) == part
