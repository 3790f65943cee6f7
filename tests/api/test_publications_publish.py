"""Publishing through the Publications API: answers, defaults, repetition."""

import pytest

from tests.api.helpers.tools import bearer, ledger, publish

ABSENT = "0" * 24
BOTH_SPELLINGS = {
    "publication_id": "publicationId",
    "session_id": "sessionId",
    "video_url": "videoUrl",
    "page_url": "pageUrl",
    "creator_handle": "creatorHandle",
    "image_hash": "imageHash",
    "splash_image": "splashImage",
    "image_model": "imageModel",
    "video_model": "videoModel",
    "original_prompt": "originalPrompt",
    "aspect_ratio": "aspectRatio",
    "has_subtitles": "hasSubtitles",
    "session_language": "sessionLanguage",
    "language_string": "languageString",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
}
EVERYTHING = {
    "title": "Running shoe teaser",
    "description": "Launch-day vertical cut",
    "tags": ["launch", "footwear"],
    "creator_handle": "acme",
    "image_hash": "abc123",
    "splash_image": "https://cdn.example.com/splash.png",
    "image_model": "GPTIMAGE2",
    "video_model": "RUNWAYML",
    "original_prompt": "A fast launch video for a new running shoe",
    "aspect_ratio": "9:16",
    "has_subtitles": True,
    "session_language": "en",
    "language_string": "English",
}


class TestPublish:
    def test_every_field_comes_back_as_it_was_sent(self, web, tenant, make_video):
        video = make_video()
        sent = EVERYTHING | {"slug": f"teaser-{video['session_id']}"}
        publication = publish(web, tenant.key, video["session_id"], **sent)["publication"]
        assert {name: publication[name] for name in sent} == sent
        assert publication["language"] == "en"
        assert publication["video_url"] == "https://cdn.example.com/final.mp4"

    def test_each_field_is_answered_in_both_spellings(self, web, tenant, make_video):
        body = publish(web, tenant.key, make_video()["session_id"], **EVERYTHING)
        publication = body["publication"]
        snake = {name: publication[name] for name in BOTH_SPELLINGS}
        assert None not in snake.values()
        assert {name: publication[camel] for name, camel in BOTH_SPELLINGS.items()} == snake

    def test_the_answer_names_session_and_publication_throughout(self, web, tenant, make_video):
        session_id = make_video()["session_id"]
        body = publish(web, tenant.key, session_id)
        publication, session = body["publication"], body["session"]
        assert body["created"] is True
        assert body["session_id"] == body["sessionId"] == session_id
        assert publication["id"] == publication["publication_id"] == body["publication_id"]
        assert len(publication["id"]) == 24
        assert session == {
            "id": session_id,
            "session_id": session_id,
            "is_published": True,
            "published_publication_id": publication["id"],
            "published_video_url": publication["video_url"],
            "published_at": publication["created_at"],
        }

    def test_what_is_not_sent_comes_from_the_video(self, web, tenant, make_video):
        told = {"description": "Told", "language": "de", "aspect_ratio": "1:1"}
        video = make_video(title="Its own title", has_subtitles=True, **told)
        publication = publish(web, tenant.key, video["session_id"])["publication"]
        assert publication["title"] == "Its own title"
        assert publication["description"] == "Told"
        assert publication["language"] == publication["session_language"] == "de"
        assert publication["aspect_ratio"] == "1:1"
        assert publication["has_subtitles"] is True
        assert publication["tags"] == []

    def test_a_title_of_null_is_the_videos(self, web, tenant, make_video):
        video = make_video(title="Its own title")
        body = publish(web, tenant.key, video["session_id"], title=None)
        assert body["publication"]["title"] == "Its own title"

    def test_the_video_is_public_and_no_draft_afterwards(self, web, tenant, make_video):
        video = make_video()
        publication = publish(web, tenant.key, video["session_id"])["publication"]
        detail = web.get(f"/api/v1/videos/{video['id']}/", headers=tenant.headers).json()
        assert (detail["is_draft"], detail["visibility"]) == (False, "public")
        assert detail["custom_url"] == publication["page_url"]

    def test_no_credits_are_charged_and_no_billing_is_answered(self, web, tenant, make_video):
        answer = web.post(
            "/v1/publications/publish",
            json={"session_id": make_video()["session_id"]},
            headers=tenant.headers,
        )
        assert not [name for name in answer.headers if "credit" in name or "billing" in name]


class TestPublishAgain:
    def test_the_same_again_changes_nothing_and_leaves_no_row(
        self, web, runtime, tenant, make_video
    ):
        video = make_video()
        first = publish(web, tenant.key, video["session_id"], **EVERYTHING)
        rows = ledger(runtime, subject_id=video["uid"])
        again = publish(web, tenant.key, video["session_id"], **EVERYTHING)
        assert again["created"] is False
        assert again["publication"] == first["publication"]
        assert len(ledger(runtime, subject_id=video["uid"])) == len(rows)

    def test_it_updates_what_is_sent_and_keeps_the_rest(self, web, tenant, make_video):
        session_id = make_video()["session_id"]
        first = publish(web, tenant.key, session_id, **EVERYTHING)["publication"]
        second = publish(web, tenant.key, session_id, title="Another")["publication"]
        assert second["title"] == "Another"
        kept = EVERYTHING.keys() - {"title"} | {"id", "slug", "created_at"}
        assert {name: second[name] for name in kept} == {name: first[name] for name in kept}


class TestRefusals:
    def test_a_session_that_is_not_there_is_404(self, web, tenant):
        answer = web.post(
            "/v1/publications/publish", json={"session_id": ABSENT}, headers=tenant.headers
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    def test_a_session_without_a_final_video_is_409(self, web, runtime, tenant, make_video):
        video = make_video(external_url=None)
        answer = web.post(
            "/v1/publications/publish",
            json={"session_id": video["session_id"]},
            headers=tenant.headers,
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        assert "final video" in answer.json()["message"]
        assert [row.event for row in ledger(runtime, subject_id=video["uid"])] == ["video.created"]

    @pytest.mark.parametrize("session_id", ["", "x", "g" * 24, "0" * 23, "0" * 25, 5, None, []])
    def test_an_invalid_session_id_is_400(self, web, tenant, session_id):
        answer = web.post(
            "/v1/publications/publish", json={"session_id": session_id}, headers=tenant.headers
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
        assert "session_id" in answer.json()["message"]

    def test_a_missing_session_id_is_400(self, web, tenant):
        answer = web.post("/v1/publications/publish", json={"title": "x"}, headers=tenant.headers)
        assert answer.status_code == 400
        assert answer.json().keys() == {"message", "code"}

    def test_another_organizations_session_is_403(self, web, other_tenant, make_video):
        answer = web.post(
            "/v1/publications/publish",
            json={"session_id": make_video()["session_id"]},
            headers=bearer(other_tenant.key),
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
