"""Whatever address, method or header is sent: a clear refusal, never a 5xx."""

import pytest

from tests.api.helpers import authorization_uploads
from tests.api.helpers.authorization_tables import RULES, named_by
from tests.api.helpers.refusals import assert_told
from tests.api.helpers.snapshots import snapshot
from tests.api.helpers.things import Things, make_key
from tests.api.helpers.tools import bearer
from tests.helpers.tenants import found_tenant

pytestmark = pytest.mark.slow

LINE_FEED = "0" * 24 + "%0a"
"""Starlette's `Mount` and `path` take no line feed but at the very end: with one, an address is
none of an API's, and a page says that there is nothing there."""
SESSION_IDS = (
    *("x", "%00", "0" * 23, "0" * 25, "%ed%a0%80", "%ff", "..%2f..", "a" * 3000),
    *("%F0%9F%8E%AC", LINE_FEED, "%D9%A1" * 24),
)
VIDEO_IDS = (
    *("x", "%00", "9" * 19, "9" * 30, "9" * 5000, "-1", "0", "1.5", "1e3", "%ed%a0%80", "NaN"),
    *("1%00", "%2b1.", "0x1", str(2**63), str(2**63 - 1)),
)
LISTS = (
    "/v1/video/list_completed_video_sessions?limit=",
    *(f"/api/v1/{noun}/?page=" for noun in ("videos", "tags", "events", "keys", "workspaces")),
    *("/api/v1/videos/?workspace=", "/api/v1/videos/?is_draft=", "/api/v1/videos/?status="),
    *("/api/Projects?organizationId=", "/api/credentials?projectId="),
    "/productions?limit=",
)
IDS = (*SESSION_IDS, *VIDEO_IDS)
NAMED = [route for route in RULES if "{" in (RULES[route].address or route[1])]
OPEN = {"OPTIONS": {path for _, path in authorization_uploads.RULES}}
"""Where tus tells what the server speaks."""
UNKNOWN = ("/", "/nothing", "/%00", "/publications/publish//x", "/videos/x/y", "/%ff/", "//")


@pytest.fixture
def session(tenant, make_video):
    """Headers of an administrator and a session that has no final video yet."""
    return tenant.headers, make_video(external_url=None)["session_id"]


@pytest.fixture(scope="module")
def things(web, runtime) -> Things:
    """Of an organization to which nothing of this may happen."""
    return Things(web, found_tenant(runtime))


class Junk(dict[str, str]):
    """Every name is the same junk."""

    def __init__(self, junk: str) -> None:
        super().__init__()
        self.junk = junk

    def __missing__(self, name: str) -> str:
        return self.junk


class TestAddresses:
    @pytest.mark.parametrize("junk", IDS)
    def test_an_id_that_is_none_is_refused(self, web, things, junk):
        headers = bearer(make_key(things.tenant)[1])
        named = {
            route: (named_by(route, Junk(junk))[0], named_by(route, things)[1]) for route in NAMED
        }
        before = snapshot(things.tenant)
        for route, (address, body) in named.items():
            content, sent = RULES[route].raw, {**headers, **RULES[route].headers}
            answer = web.request(route[0], address, json=body, content=content, headers=sent)
            assert answer.status_code in {400, 404}, (route, answer.text)
            if route[0] == "HEAD":
                continue  # it is answered without a body
            if junk != LINE_FEED or not answer.headers["content-type"].startswith("text/html"):
                assert_told(answer, route[1])
        assert snapshot(things.tenant) == before

    @pytest.mark.parametrize("value", ["%00", "%ff", "%ed%a0%80", "1%00", "-1", "1;2", "[]", ""])
    def test_junk_in_the_query_is_refused(self, web, session, value):
        for path in LISTS:
            answer = web.get(path + value, headers=session[0])
            assert_told(answer, path)
            assert answer.status_code == 400

    @pytest.mark.parametrize("path", ["/api/v1/videos/?language=", "/api/v1/events/?type="])
    def test_no_text_in_the_query_holds_a_nul(self, web, session, path):
        answer = web.get(f"{path}a%00b", headers=session[0])
        assert_told(answer, path)
        assert answer.status_code == 400

    @pytest.mark.parametrize("api", ["/v1", "/api/v1", "/api", "/productions/1"])
    @pytest.mark.parametrize("tail", UNKNOWN)
    def test_an_unknown_route_is_404(self, web, session, api, tail):
        answer = web.get(api + tail, headers=session[0])
        assert_told(answer, api)
        assert answer.status_code == 404

    @pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "X-UNKNOWN"])
    def test_a_method_that_a_route_does_not_take_is_405(self, web, things, method):
        headers = bearer(make_key(things.tenant)[1])
        for path in {path for _, path in RULES} - OPEN.get(method, set()):
            answer = web.request(method, path.format_map(Junk("1")), headers=headers)
            assert_told(answer, path)
            assert answer.status_code == 405, path
            taken = sorted(known for known, where in RULES if where == path)
            assert answer.headers["allow"] == ", ".join(taken), path


class TestHeaders:
    DOORS = (
        "/v1/publications/publish",
        "/v1/x",
        "/api/v1/videos/",
        "/api/Projects",
        "/productions",
    )
    JUNK = ("", " ", "Bearer", "Bearer ", "Basic eDp5", "Bearer \xff\xfe", "Bearer app.v1.", "é")

    @pytest.mark.parametrize("value", [*JUNK, "Bearer app.v1." + "A" * 32, "Bearer " + "x" * 9000])
    @pytest.mark.parametrize("path", DOORS)
    def test_junk_of_a_credential_is_401_before_anything_is_looked_at(self, web, path, value):
        answer = web.post(path, content=b"{", headers={"Authorization": value.encode("latin-1")})
        assert_told(answer, path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Bearer realm="Playout"'

    @pytest.mark.parametrize("sent", ["", "a b", "x" * 129, "<script>", "ä"])
    def test_a_request_id_that_is_none_is_replaced(self, web, sent):
        answer = web.get("/v1/x", headers={"X-Request-Id": sent.encode()})
        assert answer.headers["x-request-id"] not in {"", sent}

    def test_a_request_id_is_echoed(self, web):
        answer = web.get("/v1/x", headers={"X-Request-Id": "mine-1.2:3_4"})
        assert answer.headers["x-request-id"] == "mine-1.2:3_4"
