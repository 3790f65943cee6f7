"""The content security policy of pages with a player."""

import pytest


@pytest.fixture
def watch_page(web, make_video, tenant):
    video = make_video(visibility="public")
    answer = web.post(f"/api/v1/videos/{video['id']}/publish/", headers=tenant.headers)
    return answer.json()["custom_url"]


def policy(answer):
    directives = answer.headers["content-security-policy"].split("; ")
    return {name: set(sources) for name, *sources in map(str.split, directives)}


class TestPolicy:
    def test_a_watch_page_runs_the_scripts_of_this_site_and_nothing_inline(self, web, watch_page):
        allowed = policy(web.get(watch_page))
        assert allowed["default-src"] == {"'none'"}
        assert allowed["script-src"] == {"'self'"}
        assert allowed["connect-src"] == {"'self'"}
        assert "blob:" in allowed["media-src"]

    def test_one_style_of_the_controls_is_allowed_by_hash(self, web, watch_page):
        answer = web.get(watch_page)
        (allowed,) = policy(answer)["style-src"] - {"'self'"}
        assert allowed.startswith("'sha256-")
        # The rest are style sheets that scripts make, so the header stays short.
        assert len(answer.headers["content-security-policy"]) < 700

    def test_a_304_has_the_same_policy(self, web, watch_page):
        answer = web.get(watch_page)
        again = web.get(watch_page, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
        assert policy(again) == policy(answer)

    def test_the_gallery_has_no_script(self, web, watch_page):
        allowed = policy(web.get("/"))
        assert "script-src" not in allowed
        assert allowed["style-src"] == {"'self'"}

    def test_a_page_for_a_member_allows_the_form_to_sign_out(self, web, watch_page, tenant):
        slug = watch_page.rpartition("/")[2]
        (video,) = web.get("/api/v1/videos/", headers=tenant.headers).json()["results"]
        web.patch(
            f"/api/v1/videos/{video['id']}/", json={"visibility": "org"}, headers=tenant.headers
        )
        allowed = policy(web.get(f"/v/{slug}", headers=tenant.headers))
        assert allowed["script-src"] == allowed["form-action"] == {"'self'"}
