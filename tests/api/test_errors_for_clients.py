"""Errors as clients other than browsers need them."""

from uuid import uuid4

import pytest

PATHS = ["/nothing", "/v/nothing", "/s/nothing", "/media/a/b/c", "/static/a/b", "/v9/x", "/x/y/z"]


class TestUnknownAddresses:
    @pytest.mark.parametrize("path", PATHS)
    @pytest.mark.parametrize("accept", ["application/json", "application/json, */*", "video/mp4"])
    def test_who_does_not_accept_html_gets_json(self, web, path, accept):
        answer = web.get(path, headers={"Accept": accept})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "not_found"
        assert "Accept" in answer.headers["vary"]

    @pytest.mark.parametrize("path", PATHS)
    @pytest.mark.parametrize(
        "accept",
        ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*", "text/html, application/json"],
    )
    def test_everybody_else_gets_a_page(self, web, path, accept):
        answer = web.get(path, headers={"Accept": accept})
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")

    def test_html_of_weight_0_is_not_accepted(self, web):
        answer = web.get("/nothing", headers={"Accept": "text/html;q=0, application/json"})
        assert answer.json()["status"] == 404

    def test_a_wrong_method_says_so(self, web):
        answer = web.post("/", headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert "GET" in answer.headers["allow"]

    def test_a_fault_inside_is_json_too(self, web, monkeypatch):
        def broken(*_):
            raise RuntimeError("a fault")

        monkeypatch.setattr("playout.pages.routes.gallery_page", broken)
        headers = {"Accept": "application/json"}
        answer = web.get("/?before=1-" + "0" * 24, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (500, "internal")
        assert answer.headers["x-request-id"]


class TestMedia:
    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
    @pytest.mark.parametrize("name", ["video.mp4", "nothing", "master.m3u8"])
    def test_players_on_other_sites_can_read_an_error(self, web, method, name):
        answer = web.request(method, f"/media/{uuid4()}/{uuid4()}/{name}")
        assert answer.status_code in {404, 405}
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


class TestByUrl:
    @pytest.mark.parametrize("end", ["", "/", "?utm_source=x", "#t=10", "/?a=/v/b#c", "?#"])
    def test_the_end_of_an_address_does_not_matter(self, web, tenant, make_video, end):
        video = make_video()
        path = f"/api/v1/videos/{video['id']}/"
        public = web.post(f"{path}publish/", json={}, headers=tenant.headers).json()["custom_url"]
        body = {"url": public + end}
        found = web.post(f"{path}by-url/", json=body, headers=tenant.headers)
        assert found.status_code == 200, found.text
        other = web.post(f"{path}by-url/", json={"url": f"{public}x{end}"}, headers=tenant.headers)
        assert other.status_code == 404


class TestSource:
    @pytest.mark.parametrize(
        "media_type",
        ["application/json", "text/plain", "Text/HTML; charset=utf-8", "application/problem+json"],
    )
    def test_json_or_text_is_refused_before_a_byte_is_stored(
        self, web, tenant, runtime, monkeypatch, media_type
    ):
        body = {"title": "A draft", "workspace": tenant.project_id}
        made = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
        monkeypatch.setattr(type(runtime.storage), "receive", None)
        answer = web.put(
            f"/api/v1/videos/{made['id']}/source/",
            content=b'{"url": "https://example.com/a.mp4"}',
            headers=tenant.headers | {"Content-Type": media_type},
        )
        assert answer.status_code == 415
        assert "Send the bytes of the file" in answer.text


class TestPatterns:
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("GET", "/api/v1/events/?cursor=x", None),
            ("GET", "/api/v1/events/?type=%00", None),
            ("GET", "/api/v1/webhooks/deliveries/?event=%00", None),
            ("GET", "/api/v1/videos/?language=%00", None),
            ("POST", "/api/v1/keys/", {"name": "x", "settings": {"defaults": {"property": "x"}}}),
            ("POST", "/v1/publications/session/" + "a" * 24, {"slug": "no slug!"}),
            ("POST", "/v1/publications/session/nothing", {}),
        ],
    )
    def test_an_error_shows_no_regular_expression(self, web, tenant, method, path, body):
        answer = web.request(method, path, json=body, headers=tenant.headers)
        assert answer.status_code in {400, 404, 422}, answer.text
        assert "pattern" not in answer.text
        assert "[0-9" not in answer.text
        assert "^" not in answer.text
