"""Editing and revoking through the Publications API, and the REST aliases of all three."""

from tests.api.helpers.tools import ledger, publish

ALL = {
    "title": "First",
    "description": "Told",
    "tags": ["a", "b"],
    "creator_handle": "acme",
    "image_hash": "abc",
    "splash_image": "https://cdn.example.com/s.png",
    "image_model": "M1",
    "video_model": "M2",
    "original_prompt": "P",
    "aspect_ratio": "9:16",
    "has_subtitles": True,
    "session_language": "en",
    "language_string": "English",
}


class TestEdit:
    def test_what_is_left_out_keeps_its_value(self, web, tenant, make_video):
        session_id = make_video()["session_id"]
        before = publish(web, tenant.key, session_id, **ALL)["publication"]
        answer = web.post(
            "/v1/publications/edit",
            json={"session_id": session_id, "title": "Second", "tags": ["c"]},
            headers=tenant.headers,
        )
        assert answer.status_code == 200
        after = answer.json()["publication"]
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {"title", "tags", "updated_at", "updatedAt"}
        assert (after["title"], after["tags"]) == ("Second", ["c"])
        assert "created" not in answer.json()

    def test_nothing_at_all_changes_nothing_and_leaves_no_row(
        self, web, runtime, tenant, make_video
    ):
        video = make_video()
        before = publish(web, tenant.key, video["session_id"], **ALL)["publication"]
        rows = len(ledger(runtime, subject_id=video["uid"]))
        answer = web.post(
            "/v1/publications/edit",
            json={"session_id": video["session_id"]},
            headers=tenant.headers,
        )
        assert answer.json()["publication"] == before
        assert len(ledger(runtime, subject_id=video["uid"])) == rows

    def test_what_nobody_said_of_it_follows_the_video(self, web, tenant, make_video):
        video = make_video()
        published = publish(web, tenant.key, video["session_id"], description="Its own")
        news = {"title": "Renamed", "description": "Of the video", "language": "de"}
        path = f"/api/v1/videos/{video['id']}/"
        assert web.patch(path, json=news, headers=tenant.headers).is_success
        page = web.get(f"/v/{published['publication']['slug']}").text
        told = publish(web, tenant.key, video["session_id"])["publication"]
        assert (told["title"], told["language"]) == ("Renamed", "de")
        assert told["description"] == "Its own"
        assert "Renamed" in page
        assert "Its own" in page
        assert told["slug"] == published["publication"]["slug"]

    def test_false_and_empty_are_values(self, web, tenant, make_video):
        session_id = make_video()["session_id"]
        publish(web, tenant.key, session_id, **ALL)
        wanted = {"has_subtitles": False, "tags": [], "description": ""}
        after = web.post(
            "/v1/publications/edit",
            json={"session_id": session_id} | wanted,
            headers=tenant.headers,
        ).json()["publication"]
        assert {name: after[name] for name in wanted} == wanted

    def test_the_ledger_records_each_field_before_and_after(self, web, runtime, tenant, make_video):
        video = make_video()
        publish(web, tenant.key, video["session_id"], **ALL)
        web.post(
            "/v1/publications/edit",
            json={"session_id": video["session_id"], "title": "Second"},
            headers=tenant.headers | {"X-Request-Id": "edit-1"},
        )
        row = ledger(runtime, subject_id=video["uid"])[-1]
        assert (row.event, row.api, row.request_id) == ("video.updated", "publications", "edit-1")
        assert row.changes == {"title": ["First", "Second"]}

    def test_a_session_without_a_publication_is_404(self, web, tenant, make_video):
        answer = web.post(
            "/v1/publications/edit",
            json={"session_id": make_video()["session_id"]},
            headers=tenant.headers,
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


class TestRevoke:
    def test_the_publication_is_gone_and_the_session_says_so(self, web, tenant, make_video):
        session_id = make_video()["session_id"]
        publication = publish(web, tenant.key, session_id)["publication"]
        answer = web.post(
            "/v1/publications/revoke", json={"session_id": session_id}, headers=tenant.headers
        )
        body = answer.json()
        assert answer.status_code == 200
        assert (body["revoked"], body["publication_id"]) == (True, publication["id"])
        assert body["session_id"] == body["sessionId"] == session_id
        assert body["session"]["is_published"] is False
        assert body["session"]["published_publication_id"] is None
        assert body["session"]["published_video_url"] is None

    def test_doing_it_twice_is_404(self, web, tenant, make_video):
        session_id = make_video()["session_id"]
        publish(web, tenant.key, session_id)
        revoked = [
            web.post(
                "/v1/publications/revoke", json={"session_id": session_id}, headers=tenant.headers
            ).status_code
            for _ in range(2)
        ]
        assert revoked == [200, 404]

    def test_publishing_afterwards_makes_a_new_publication(self, web, tenant, make_video):
        session_id = make_video()["session_id"]
        first = publish(web, tenant.key, session_id, **ALL)["publication"]
        web.delete(f"/v1/publications/session/{session_id}", headers=tenant.headers)
        second = publish(web, tenant.key, session_id)
        assert second["created"] is True
        assert second["publication"]["id"] != first["id"]
        assert second["publication"]["title"] == "A video"


class TestRestAliases:
    def test_post_publishes_patch_edits_and_delete_revokes(self, web, tenant, make_video):
        session_id = make_video()["session_id"]
        path = f"/v1/publications/session/{session_id}"
        published = web.post(path, json={"title": "One", "tags": "a"}, headers=tenant.headers)
        edited = web.patch(path, json={"title": "Two"}, headers=tenant.headers)
        revoked = web.delete(path, headers=tenant.headers)
        assert [a.status_code for a in (published, edited, revoked)] == [200, 200, 200]
        assert published.json()["created"] is True
        assert edited.json()["publication"]["title"] == "Two"
        assert edited.json()["publication"]["tags"] == ["a"]
        assert revoked.json()["revoked"] is True

    def test_no_body_is_needed_to_publish(self, web, tenant, make_video):
        session_id = make_video(title="Bare")["session_id"]
        answer = web.post(f"/v1/publications/session/{session_id}", headers=tenant.headers)
        assert answer.json()["publication"]["title"] == "Bare"

    def test_the_address_names_the_session_whatever_the_body_says(self, web, tenant, make_video):
        meant, other = make_video()["session_id"], make_video()["session_id"]
        answer = web.post(
            f"/v1/publications/session/{meant}",
            json={"session_id": other, "id": other},
            headers=tenant.headers,
        )
        assert answer.json()["session_id"] == meant

    def test_a_nested_body_is_read(self, web, tenant, make_video):
        session_id = make_video()["session_id"]
        answer = web.post(
            f"/v1/publications/session/{session_id}",
            json={"input": {"title": "Nested"}},
            headers=tenant.headers,
        )
        assert answer.json()["publication"]["title"] == "Nested"

    def test_patch_of_an_unpublished_session_is_404(self, web, tenant, make_video):
        path = f"/v1/publications/session/{make_video()['session_id']}"
        assert web.patch(path, json={}, headers=tenant.headers).status_code == 404
        assert web.delete(path, headers=tenant.headers).status_code == 404
