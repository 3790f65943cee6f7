"""Answers in gzip."""

import gzip
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from playout.kit.http.compression import MIN_BYTES, Compression
from playout.kit.http.kept_answer import KeptAnswer
from playout.kit.http.ranges import precondition_status

LONG = {"text": "a video " * 400}
ETAG = '"abc"'
GZIP_ETAG = '"abc-gzip"'


def resource(request: Request) -> Response:
    status = precondition_status(request.headers, ETAG)
    if status is not None:
        return Response(status_code=status, headers={"ETag": ETAG})
    return JSONResponse(LONG, headers={"ETag": ETAG, "Vary": "Accept"})


def echo(request: Request) -> Response:
    """Return a long answer with the headers that the request asks for."""
    body = b"x" * int(request.query_params.get("bytes", 5_000))
    headers = {name[3:]: value for name, value in request.headers.items() if name.startswith("as-")}
    return Response(body, int(request.query_params.get("status", 200)), headers)


def events(request: Request) -> Response:
    return StreamingResponse(iter(["data: 1\n\n" * 500]), media_type="text/event-stream")


def pieces(request: Request) -> Response:
    return StreamingResponse(iter(["a" * 5_000, "b" * 5_000]), media_type="text/html")


KEPT = KeptAnswer(b"<p>Hello</p>" * 200, {"Content-Type": "text/html"}, ETAG)


async def kept(request: Request) -> Response:
    return KEPT.response(request.scope["headers"])


@pytest.fixture(scope="module")
def site() -> Any:
    paths = {"/": resource, "/echo": echo, "/events": events, "/pieces": pieces, "/kept": kept}
    routes = [Route(path, function, methods=["GET", "HEAD"]) for path, function in paths.items()]
    with TestClient(Starlette(routes=routes, middleware=[Middleware(Compression)])) as client:
        yield client


def raw(site: TestClient, path: str, method: str = "GET", **headers: str) -> tuple[Any, bytes]:
    """Return an answer, and its body as it was sent."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    with site.stream(method, path, headers={"accept-encoding": "gzip"} | headers) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize("path", ["/", "/kept"])
class TestCompressedAnswer:
    def test_decodes_to_the_same_bytes(self, site: TestClient, path: str) -> None:
        plain = raw(site, path, accept_encoding="identity")[1]
        answer, body = raw(site, path)
        assert gzip.decompress(body) == plain
        assert len(body) < len(plain) / 5
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) == len(body)

    def test_varies_with_what_the_client_accepts_in_either_coding(
        self, site: TestClient, path: str
    ) -> None:
        for accepted in ("gzip", "identity"):
            answer, _ = raw(site, path, accept_encoding=accepted)
            assert answer.headers["vary"].count("Accept-Encoding") == 1
        assert path == "/kept" or answer.headers["vary"] == "Accept, Accept-Encoding"

    def test_has_an_etag_of_its_own(self, site: TestClient, path: str) -> None:
        assert raw(site, path)[0].headers["etag"] == GZIP_ETAG
        assert raw(site, path, accept_encoding="identity")[0].headers["etag"] == ETAG

    @pytest.mark.parametrize("known", [GZIP_ETAG, f"W/{GZIP_ETAG}", f'"x", {GZIP_ETAG}'])
    def test_is_not_sent_again(self, site: TestClient, path: str, known: str) -> None:
        answer, body = raw(site, path, if_none_match=known)
        assert (answer.status_code, body) == (304, b"")
        assert answer.headers["etag"] == GZIP_ETAG
        assert "Accept-Encoding" in answer.headers["vary"]
        assert "content-encoding" not in answer.headers

    def test_may_be_named_as_the_version_that_is_expected(
        self, site: TestClient, path: str
    ) -> None:
        assert raw(site, path, if_match=GZIP_ETAG)[0].status_code == 200
        assert raw(site, path, if_match=ETAG)[0].status_code == 200
        assert raw(site, path, if_match='"old-gzip"')[0].status_code == 412

    def test_has_the_same_headers_for_head(self, site: TestClient, path: str) -> None:
        names = ("content-length", "content-encoding", "etag", "vary", "content-type")
        got, _ = raw(site, path)
        head, body = raw(site, path, "HEAD")
        assert body == b""
        assert {name: head.headers.get(name) for name in names} == {
            name: got.headers.get(name) for name in names
        }

    @pytest.mark.parametrize(
        ("accepted", "is_gzip"),
        [
            ("gzip, deflate, br, zstd", True),
            ("GZIP;q=0.5", True),
            ("*", True),
            ("x-gzip", True),
            ("", False),
            ("br", False),
            ("gzip;q=0", False),
            ("*, gzip; q=0.000", False),
            ("gzip;q=nonsense", False),
        ],
    )
    def test_is_sent_to_those_who_accept_it(
        self, site: TestClient, path: str, accepted: str, is_gzip: bool
    ) -> None:
        answer, _ = raw(site, path, accept_encoding=accepted)
        assert answer.headers.get("content-encoding") == ("gzip" if is_gzip else None)


class TestAnswerThatIsNotCompressed:
    @pytest.mark.parametrize(
        ("query", "headers"),
        [
            ("", {"as-content-type": "video/mp4"}),
            ("", {"as-content-type": "text/html", "as-content-encoding": "br"}),
            ("", {"as-content-type": "text/html", "as-cache-control": "private, no-store"}),
            ("?status=206", {"as-content-type": "text/html"}),
            (f"?bytes={MIN_BYTES - 1}", {"as-content-type": "text/html"}),
            ("", {}),
        ],
        ids=["media", "coded", "private", "range", "short", "unknown"],
    )
    def test_is_sent_as_it_is(self, site: TestClient, query: str, headers: dict[str, str]) -> None:
        answer, body = raw(site, f"/echo{query}", **headers)
        assert set(body) == set(b"x")
        assert answer.headers.get("content-encoding") == headers.get("as-content-encoding")

    @pytest.mark.parametrize("path", ["/events", "/pieces"])
    def test_is_a_stream(self, site: TestClient, path: str) -> None:
        answer, body = raw(site, path)
        assert "content-encoding" not in answer.headers
        assert len(body) >= 4_000
