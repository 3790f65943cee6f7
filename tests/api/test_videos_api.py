"""The Videos API: what it takes, what it answers."""

from urllib.parse import quote

import pytest

from tests.helpers.tenants import bearer

ROLE_FREE = {"session_id": "0" * 24, "id": 1, "uid": "junk", "created_at": "yesterday"}


@pytest.fixture
def call(web, tenant):
    """Calls the Videos API as the tenant's administrator."""

    def send(method: str, path: str, body: object = None, **headers: str):
        return web.request(
            method, f"/api/v1/{path}", json=body, headers=bearer(tenant.key) | headers
        )

    return send


class TestVideos:
    def test_read_only_fields_are_ignored(self, make_video):
        video = make_video(**ROLE_FREE)
        assert video["session_id"] != ROLE_FREE["session_id"]
        assert video["uid"] != "junk"

    def test_a_change_keeps_what_is_not_sent(self, call, make_video):
        video = make_video(description="As it was")
        changed = call("PATCH", f"videos/{video['id']}/", {"title": "New"}).json()
        assert (changed["title"], changed["description"]) == ("New", "As it was")

    def test_a_title_may_not_be_null(self, call, make_video):
        answer = call("PATCH", f"videos/{make_video()['id']}/", {"title": None})
        assert answer.status_code == 400
        assert "title" in answer.json()["detail"]

    def test_a_deleted_video_is_gone_from_everything(self, call, web, make_video):
        video = make_video(title="Soon gone", visibility="public")
        published = call("POST", f"videos/{video['id']}/publish/").json()
        assert web.get(published["custom_url"]).status_code == 200
        assert call("DELETE", f"videos/{video['id']}/").status_code == 204
        assert call("GET", f"videos/{video['id']}/").status_code == 404
        assert web.get(published["custom_url"]).status_code == 404

    def test_the_tags_of_a_video_follow_a_renamed_tag(self, call, make_video):
        tag = call("POST", "tags/", {"name": "launch"}).json()
        video = make_video(tags=[tag["id"]])
        assert video["tag_names"] == ["launch"]
        call("PATCH", f"tags/{tag['id']}/", {"name": "premiere"})
        assert call("GET", f"videos/{video['id']}/").json()["tag_names"] == ["premiere"]
        assert call("DELETE", f"tags/{tag['id']}/").status_code == 204
        assert call("GET", f"videos/{video['id']}/").json()["tags"] == []

    def test_another_organizations_category_is_unknown(self, call, web, other_tenant, make_video):
        theirs = web.post(
            "/api/v1/categories/", json={"name": "Theirs"}, headers=other_tenant.headers
        ).json()
        answer = call("PATCH", f"videos/{make_video()['id']}/", {"category": theirs["id"]})
        assert answer.status_code == 400
        assert "category" in answer.json()["errors"]


class TestPublish:
    def test_publishing_keeps_the_visibility(self, call, web, make_video):
        video = make_video(visibility="private")
        out = call("POST", f"videos/{video['id']}/publish/").json()
        assert (out["is_draft"], out["visibility"]) == (False, "private")
        assert web.get(out["custom_url"]).status_code == 404

    def test_a_body_changes_the_video_in_the_same_step(self, call, web, make_video):
        video = make_video()
        body = {"title": "Out now", "visibility": "public"}
        out = call("POST", f"videos/{video['id']}/publish/", body).json()
        assert "Out now" in web.get(out["custom_url"]).text

    def test_a_video_without_a_file_is_a_conflict(self, call, tenant):
        body = {"title": "Not yet", "workspace": tenant.project_id}
        video = call("POST", "videos/", body).json()
        path = f"videos/{video['id']}/"
        assert call("POST", f"{path}publish/", {"title": "Changed"}).status_code == 409
        assert call("GET", path).json()["title"] == "Not yet"

    def test_unpublishing_takes_it_out_at_once(self, call, web, make_video):
        video = make_video(visibility="public")
        out = call("POST", f"videos/{video['id']}/publish/").json()
        assert web.get(out["custom_url"]).status_code == 200
        assert call("DELETE", f"videos/{video['id']}/publish/").status_code == 204
        assert web.get(out["custom_url"]).status_code == 404

    def test_by_url_finds_only_its_own_address(self, call, make_video):
        mine, other = make_video(), make_video()
        out = call("POST", f"videos/{mine['id']}/publish/").json()
        body = {"url": out["custom_url"]}
        assert call("POST", f"videos/{mine['id']}/by-url/", body).json()["id"] == mine["id"]
        assert call("POST", f"videos/{other['id']}/by-url/", body).status_code == 404


class TestLists:
    def test_pages_hold_each_video_once(self, call, make_video):
        made = {make_video(title=f"Number {n}")["id"] for n in range(7)}
        seen, page = [], 1
        while page:
            answer = call("GET", f"videos/?page={page}&page_size=3").json()
            assert answer["count"] == 7
            seen += [video["id"] for video in answer["results"]]
            page = page + 1 if answer["next"] else 0
        assert sorted(seen) == sorted(made)

    @pytest.mark.parametrize("terms", ["-" * 200, "- " * 100, "a -" * 60, '-"' * 100, "-.-" * 60])
    def test_search_for_what_means_nothing_is_no_error(self, call, terms):
        assert call("GET", f"videos/?search={quote(terms)}").status_code == 200

    def test_search_finds_title_description_and_tags(self, call, make_video):
        tag = call("POST", "tags/", {"name": "zeppelin"}).json()
        by_title = make_video(title="The zeppelin of Friedrichshafen")
        by_text = make_video(description="With a Zeppelin above the lake")
        by_tag = make_video(tags=[tag["id"]])
        make_video(title="Something else")
        found = call("GET", "videos/?search=zeppelin").json()["results"]
        assert {each["id"] for each in found} == {by_title["id"], by_text["id"], by_tag["id"]}

    def test_an_unknown_ordering_is_refused(self, call):
        assert call("GET", "videos/?ordering=colour").status_code == 400

    def test_a_page_beyond_the_last_is_not_found(self, call, make_video):
        make_video()
        assert call("GET", "videos/?page=9").status_code == 404


class TestVersions:
    def test_a_change_of_what_has_changed_since_is_refused(self, call, make_video):
        path = f"videos/{make_video()['id']}/"
        etag = call("GET", path).headers["etag"]
        assert call("PATCH", path, {"title": "First"}, **{"If-Match": etag}).status_code == 200
        assert call("PATCH", path, {"title": "Second"}, **{"If-Match": etag}).status_code == 412
        assert call("GET", path).json()["title"] == "First"

    def test_what_the_client_has_already_is_not_sent_again(self, call, make_video):
        path = f"videos/{make_video()['id']}/"
        etag = call("GET", path).headers["etag"]
        assert call("GET", path, **{"If-None-Match": etag}).status_code == 304

    def test_what_is_looked_for_by_its_address_is_always_sent(self, call, make_video):
        """A 304 is no answer to a POST (RFC 9110)."""
        path = f"videos/{make_video()['id']}/"
        published = call("POST", f"{path}publish/")
        body, etag = {"url": published.json()["custom_url"]}, published.headers["etag"]
        answer = call("POST", f"{path}by-url/", body, **{"If-None-Match": etag})
        assert (answer.status_code, answer.headers["etag"]) == (200, etag)


class TestSections:
    def test_sections_stand_in_their_order(self, call, make_video):
        path = f"videos/{make_video()['id']}/sections/"
        for order in (2, 1):
            call("POST", path, {"order": order, "content": [{"turn": order}]})
        assert [each["order"] for each in call("GET", path).json()["results"]] == [1, 2]

    def test_a_removed_section_is_gone(self, call, make_video):
        path = f"videos/{make_video()['id']}/sections/"
        section = call("POST", path, {"order": 1, "content": []}).json()
        assert call("DELETE", f"{path}{section['id']}/").status_code == 204
        assert call("GET", f"{path}{section['id']}/").status_code == 404


class TestOwnAffairs:
    def test_a_key_made_here_works_and_is_shown_once(self, call, web):
        made = call("POST", "keys/", {"name": "Studio", "role": "Viewer"}).json()
        assert web.get("/api/v1/videos/", headers=bearer(made["key"])).status_code == 200
        assert made["key"] not in call("GET", "keys/").text
        assert call("DELETE", f"keys/{made['id']}/").status_code == 204
        assert web.get("/api/v1/videos/", headers=bearer(made["key"])).status_code == 401

    def test_events_tell_who_did_what(self, call, make_video):
        make_video(title="Told")
        newest = call("GET", "events/?type=video.created").json()["results"][0]
        assert newest["api"] == "videos"
        assert newest["changes"]["title"] == [None, "Told"]

    def test_a_key_for_a_workspace_that_is_not_ours_is_refused(self, call, other_tenant):
        body = {"name": "Odd", "role": "Viewer", "workspaces": [other_tenant.project_id]}
        assert call("POST", "keys/", body).status_code == 400


class TestCatalog:
    def test_a_subcategory_goes_with_its_category(self, call, make_video):
        first, second = (call("POST", "categories/", {"name": name}).json() for name in "AB")
        sub = call("POST", "subcategories/", {"name": "S", "category": first["id"]}).json()
        video = make_video(subcategory=sub["id"])
        assert video["category"] == first["id"]
        path = f"videos/{video['id']}/"
        assert call("PATCH", path, {"title": "Still"}).json()["subcategory"] == sub["id"]
        assert call("PATCH", path, {"category": second["id"]}).json()["subcategory"] is None
        body = {"category": second["id"], "subcategory": sub["id"]}
        assert call("PATCH", path, body).status_code == 400
