"""Whatever body is sent to any route: a clear refusal in the API's own shape, never a 5xx."""

import json

import pytest

from tests.api.helpers.authorization_tables import WITH_BODY, named_by
from tests.api.helpers.refusals import assert_told
from tests.api.helpers.snapshots import snapshot
from tests.api.helpers.things import Things, make_key
from tests.api.helpers.tools import bearer, endpoints
from tests.helpers.tenants import found_tenant

MIB = 1024 * 1024
JSON = "application/json"


def table(*rows):
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


WRONG = json.dumps(
    {name: {} for name in ("id", "title", "workspace", "name", "email", "url", "publicTitle")}
    | {"session_id": [], "tags": 5, "order": "x", "projectId": 5, "role": 5, "settings": 5}
).encode()
OPTIONAL = {
    ("POST", "/v1/publications/session/{session_id}"): 404,
    ("PATCH", "/v1/publications/session/{session_id}"): 404,
    ("POST", "/api/v1/videos/{video_id}/publish/"): 404,
}
"""The address says it all, and a body may be missing; there is nothing at that address, though."""
SEARCHES = {("POST", "/v1/gallery/search"), ("POST", "/v1/gallery/recommendations")}
"""They change nothing, and take none of the fields of `WRONG`."""
NOTHING = {"session_id": "f" * 24, "video_id": 2**62}
BODIES = table(
    ("none", b"", JSON, 400),
    ("not JSON", b"{title: x", JSON, 400),
    ("text", b"title=x", JSON, 400),
    ("a scalar", b"5", JSON, 400),
    ("a string", b'"x"', JSON, 400),
    ("true", b"true", JSON, 400),
    ("an array", b'[{"title": "x"}]', JSON, 400),
    ("an empty array", b"[]", JSON, 400),
    ("null", b"null", JSON, 400),
    ("wrong types", WRONG, JSON, 400),
    ("wrong types in an array", b"[" + WRONG + b"]", JSON, 400),
    ("10 MB", b'{"title": "' + b"x" * 10_000_000 + b'"}', JSON, 413),
    ("just too large", b'{"t": "' + b"x" * MIB + b'"}', JSON, 413),
    ("nested arrays", b"[" * 8_000 + b"]" * 8_000, JSON, 400),
    ("nested objects", b'{"a":' * 2_500 + b"1" + b"}" * 2_500, JSON, 400),
    ("nested in a field", b'{"title": ' + b"[" * 40 + b"]" * 40 + b"}", JSON, 400),
    ("NaN", b'{"title": NaN}', JSON, 400),
    ("Infinity", b'{"title": -Infinity}', JSON, 400),
    ("a number beyond all", b'{"title": "x", "x": 1e999}', JSON, 400),
    ("keys twice", b'{"title": "x", "title": "y"}', JSON, 400),
    ("keys twice, nested", b'{"x": {"a": 1, "a": 1}}', JSON, 400),
    ("a NUL character", b'{"title": "a\\u0000b"}', JSON, 400),
    ("a NUL character in a key", b'{"a\\u0000": 1}', JSON, 400),
    ("a NUL byte", b'{"title": "a\x00b"}', JSON, 400),
    ("half a surrogate pair", b'{"title": "\\ud800"}', JSON, 400),
    ("half a pair in a key", b'{"\\udfff": 1}', JSON, 400),
    ("half a pair as bytes", b'{"title": "\xed\xa0\x80"}', JSON, 400),
    ("invalid UTF-8", b'{"title": "\xff\xfe"}', JSON, 400),
    ("UTF-16 cut short", '{"title": "x"}'.encode("utf-16")[:-1], JSON, 400),
    ("a number of 5000 digits", b'{"workspace": ' + b"9" * 5000 + b"}", JSON, 400),
    ("a form", b"title=x", "application/x-www-form-urlencoded", 415),
    ("a multipart form", b"--x--", "multipart/form-data; boundary=x", 415),
    ("plain text", b"{}", "text/plain", 415),
    ("no type", b"{}", "", 415),
    ("no such type", b"{}", "json", 415),
)
NO_URLS = (
    *("", "x", "//a/b", "file:///etc/passwd", "ftp://a/b", "javascript:alert(1)", "http://"),
    *("https://user:password@a/b", "https://user@a/", "http:/\\me:secret@a/", "https:me:x@a/"),
    *("http://[::1", "http://a:99999/", "https:// /x", "http://a b/", "http://" + "x" * 3000),
)


@pytest.fixture
def session(tenant, make_video):
    """Headers of an administrator and a session that has no final video yet."""
    return tenant.headers, make_video(external_url=None)["session_id"]


@pytest.fixture(scope="module")
def things(web, runtime) -> Things:
    """Of an organization to which nothing of this may happen."""
    return Things(web, found_tenant(runtime))


class TestBodies:
    def test_every_route_is_tried(self, web):
        taking = {route for route, takes_body in endpoints(web).items() if takes_body}
        assert taking == set(WITH_BODY)
        assert set(OPTIONAL) < set(WITH_BODY)

    @pytest.mark.parametrize(("content", "media_type", "status"), BODIES)
    def test_a_bad_one_is_refused_by_every_route(self, web, things, content, media_type, status):
        headers = bearer(make_key(things.tenant)[1]) | {"Content-Type": media_type}
        addresses = {
            route: named_by(route, {**things, **NOTHING} if route in OPTIONAL else things)[0]
            for route in WITH_BODY
        }
        before = snapshot(things.tenant)
        for route, address in addresses.items():
            answer = web.request(route[0], address, content=content, headers=headers)
            if content == WRONG and route in SEARCHES:
                assert answer.status_code == 200, (route, answer.text)
                continue
            assert_told(answer, address)
            missing = content in {b"", b"null"} and route in OPTIONAL
            expected = OPTIONAL[route] if missing else status
            assert answer.status_code == expected, (route, answer.text)
        assert snapshot(things.tenant) == before

    @pytest.mark.parametrize("name", ["title", "description", "language", "aspect_ratio"])
    @pytest.mark.parametrize("value", [5, True, [], {}, ["x"], "x" * 10_001])
    def test_a_field_of_the_wrong_type_is_named(self, web, session, tenant, name, value):
        headers, session_id = session
        body = {"title": "x", "workspace": tenant.project_id, "session_id": session_id}
        for path in ("/v1/publications/publish", "/api/v1/videos/"):
            answer = web.post(path, json=body | {name: value}, headers=headers)
            assert_told(answer, path)
            said = answer.json()
            assert name.split("_")[0] in said.get("message", said.get("detail")), path
        assert list(said["errors"]) == [name]

    @pytest.mark.parametrize("number", [0, -1, 2**63, 2**64, 10**100, 1.5, "1x", None, [1]])
    def test_a_workspace_that_is_none_is_named(self, web, session, number):
        body = {"title": "x", "workspace": number}
        answer = web.post("/api/v1/videos/", json=body, headers=session[0])
        assert_told(answer, "/api/v1/videos/")
        assert list(answer.json()["errors"]) == ["workspace"]

    @pytest.mark.parametrize("field", ["source_url", "external_url"])
    @pytest.mark.parametrize("url", NO_URLS)
    def test_an_address_that_is_none_is_named(self, web, session, tenant, field, url):
        body = {"title": "x", "workspace": tenant.project_id, field: url}
        answer = web.post("/api/v1/videos/", json=body, headers=session[0])
        assert_told(answer, "/api/v1/videos/")
        assert list(answer.json()["errors"]) == [field]
