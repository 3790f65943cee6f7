"""Whatever address, method or header is sent: a clear refusal, never a 5xx."""

import pytest
from api_refusals import WITHOUT_JSON, WRITES, assert_told

SESSION_IDS = (
    *("x", "%00", "0" * 23, "0" * 25, "%ed%a0%80", "%ff", "..%2f..", "a" * 3000),
    *("%F0%9F%8E%AC", "0" * 24 + "%0a", "%D9%A1" * 24),
)
VIDEO_IDS = (
    *("x", "%00", "9" * 19, "9" * 30, "9" * 5000, "-1", "0", "1.5", "1e3", "%ed%a0%80", "NaN"),
    *("1%00", "%2b1.", "0x1", str(2**63), str(2**63 - 1)),
)
UNKNOWN = ("/", "/nothing", "/%00", "/publications/publish/", "/videos", "/%ff/", "//")


@pytest.fixture
def session(tenant, make_video):
    """Headers of an administrator and a session that has no final video yet."""
    return tenant.headers, make_video(external_url=None)["session_id"]


class TestAddresses:
    @pytest.mark.parametrize("session_id", SESSION_IDS)
    def test_a_session_id_that_is_none_is_refused(self, web, session, session_id):
        for method in ("POST", "PATCH", "DELETE"):
            path = f"/v1/publications/session/{session_id}"
            answer = web.request(method, path, headers=session[0])
            assert_told(answer, path)
            assert answer.status_code in {400, 404}

    @pytest.mark.parametrize("video_id", VIDEO_IDS)
    def test_a_video_id_that_is_none_is_refused(self, web, session, video_id):
        for method, tail in (("GET", ""), ("PUT", "source/")):
            path = f"/api/v1/videos/{video_id}/{tail}"
            answer = web.request(method, path, content=b"x", headers=session[0])
            assert_told(answer, path)
            assert answer.status_code in {400, 404}

    @pytest.mark.parametrize("value", ["%00", "%ff", "%ed%a0%80", "1%00", "-1", "1;2", "[]", ""])
    def test_junk_in_the_query_is_refused(self, web, session, value):
        path = f"/v1/video/list_completed_video_sessions?limit={value}"
        assert_told(web.get(path, headers=session[0]), path)

    @pytest.mark.parametrize("api", ["/v1", "/api/v1"])
    @pytest.mark.parametrize("tail", UNKNOWN)
    def test_an_unknown_route_is_404(self, web, session, api, tail):
        answer = web.get(api + tail, headers=session[0])
        assert_told(answer, api)
        assert answer.status_code == 404

    def test_a_method_that_a_route_does_not_take_is_405(self, web, session):
        headers, session_id = session
        for _, path in WRITES + WITHOUT_JSON:
            address = path.format(session_id=session_id, video_id=1)
            for method in ("TRACE", "OPTIONS", "X-UNKNOWN"):
                answer = web.request(method, address, headers=headers)
                assert_told(answer, path)
                assert answer.status_code == 405
                assert answer.headers["allow"]


class TestHeaders:
    JUNK = ("", " ", "Bearer", "Bearer ", "Basic eDp5", "Bearer \xff\xfe", "Bearer app.v1.", "é")

    @pytest.mark.parametrize("value", [*JUNK, "Bearer app.v1." + "A" * 32, "Bearer " + "x" * 9000])
    @pytest.mark.parametrize("path", ["/v1/publications/publish", "/api/v1/videos/", "/v1/x"])
    def test_junk_of_a_credential_is_401_before_anything_is_looked_at(self, web, path, value):
        answer = web.post(path, content=b"{", headers={"Authorization": value.encode("latin-1")})
        assert_told(answer, path)
        assert answer.status_code == 401

    @pytest.mark.parametrize("sent", ["", "a b", "x" * 129, "<script>", "ä"])
    def test_a_request_id_that_is_none_is_replaced(self, web, sent):
        answer = web.get("/v1/x", headers={"X-Request-Id": sent.encode()})
        assert answer.headers["x-request-id"] not in {"", sent}

    def test_a_request_id_is_echoed(self, web):
        answer = web.get("/v1/x", headers={"X-Request-Id": "mine-1.2:3_4"})
        assert answer.headers["x-request-id"] == "mine-1.2:3_4"
