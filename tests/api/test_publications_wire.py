"""Bodies of the Publications API: aliases, nesting, tags. And the list for the public client."""

from itertools import pairwise

import pytest

from tests.api.helpers.tools import bearer, publish

ALIASES = {
    "aspect_ratio": ("aspect_ratio", "aspectRatio"),
    "creator_handle": ("creator_handle", "creatorHandle"),
    "image_hash": ("image_hash", "imageHash"),
    "splash_image": ("splash_image", "splashImage"),
    "image_model": ("image_model", "imageModel"),
    "video_model": ("video_model", "videoModel"),
    "original_prompt": ("original_prompt", "originalPrompt", "prompt"),
    "session_language": ("session_language", "sessionLanguage", "language", "language_code"),
    "language_string": ("language_string", "languageString"),
    "has_subtitles": ("has_subtitles", "hasSubtitles", "enable_subtitles", "enableSubtitles"),
}
SESSION = (
    "session_id",
    "sessionId",
    "sessionID",
    "video_session_id",
    "videoSessionId",
    "videoSessionID",
    "id",
)
VALUES = {
    "splash_image": ("https://cdn.example.com/1.png", "https://cdn.example.com/2.png"),
    "has_subtitles": (True, False),
}


class TestAliases:
    @pytest.mark.parametrize("field", ALIASES)
    @pytest.mark.parametrize("nested", [False, True])
    def test_each_alias_is_read_flat_and_nested(self, web, tenant, make_video, field, nested):
        for alias in ALIASES[field]:
            value = VALUES.get(field, (f"by {alias}",))[0]
            body = {"session_id": make_video()["session_id"], alias: value}
            answer = web.post(
                "/v1/publications/publish",
                json={"input": body} if nested else body,
                headers=tenant.headers,
            )
            assert answer.json()["publication"][field] == value, alias

    @pytest.mark.parametrize("field", ALIASES)
    def test_the_first_in_the_listed_order_wins(self, web, tenant, make_video, field):
        session_id = make_video()["session_id"]
        wanted, other = VALUES.get(field, ("one", "two"))
        for first, second in pairwise(ALIASES[field]):
            publish(web, tenant.key, session_id, **{first: other})
            body = publish(web, tenant.key, session_id, **{second: other, first: wanted})
            assert body["publication"][field] == wanted, first

    @pytest.mark.parametrize("verb", ["publish", "edit", "revoke"])
    def test_a_session_is_named_by_each_of_its_aliases(self, web, tenant, make_video, verb):
        session_id = make_video()["session_id"]
        for alias in SESSION:
            publish(web, tenant.key, session_id)
            answer = web.post(
                f"/v1/publications/{verb}", json={alias: session_id}, headers=tenant.headers
            )
            assert answer.status_code == 200, alias
            assert answer.json()["session_id"] == session_id

    def test_the_first_alias_of_the_session_wins(self, web, tenant, make_video):
        meant = make_video()["session_id"]
        for first, second in pairwise(SESSION):
            answer = web.post(
                "/v1/publications/publish",
                json={second: "f" * 24, first: meant},
                headers=tenant.headers,
            )
            assert answer.json()["session_id"] == meant, first

    def test_a_session_id_may_be_in_capitals(self, web, tenant, make_video):
        session_id = make_video()["session_id"]
        assert publish(web, tenant.key, session_id.upper())["session_id"] == session_id

    def test_what_was_edited_meanwhile_is_not_revoked(self, web, tenant, make_video):
        path = f"/v1/publications/session/{make_video()['session_id']}"
        seen = web.post(path, headers=tenant.headers).headers["etag"]
        edited = web.patch(path, json={"title": "Another"}, headers=tenant.headers)
        answers = [
            web.delete(path, headers=tenant.headers | {"If-Match": etag}).status_code
            for etag in (seen, edited.headers["etag"])
        ]
        assert answers == [412, 200]

    def test_unknown_fields_are_ignored(self, web, tenant, make_video):
        body = publish(web, tenant.key, make_video()["session_id"], colour="red", input=None)
        assert "colour" not in body["publication"]


class TestTags:
    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            (["a", "b"], ["a", "b"]),
            ("a,b", ["a", "b"]),
            (" a , b ,, a ", ["a", "b"]),
            ([" a ", "", "a", "b c"], ["a", "b c"]),
            ("", []),
            ([], []),
            (None, []),
        ],
    )
    def test_an_array_or_a_string_with_commas(self, web, tenant, make_video, sent, kept):
        body = publish(web, tenant.key, make_video()["session_id"], tags=sent)
        assert body["publication"]["tags"] == kept

    @pytest.mark.parametrize(
        "tags", [5, {"a": 1}, [1], [["a"]], ["x" * 101], [*map(str, range(101))]]
    )
    def test_anything_else_is_400(self, web, tenant, make_video, tags):
        answer = web.post(
            "/v1/publications/publish",
            json={"session_id": make_video()["session_id"], "tags": tags},
            headers=tenant.headers,
        )
        assert answer.status_code == 400
        assert "tags" in answer.json()["message"]


class TestListCompleted:
    PATH = "/v1/video/list_completed_video_sessions"

    def test_completed_sessions_stand_there_newest_first(self, web, tenant, make_video):
        older = make_video(title="Older", has_subtitles=True, language="de")
        newer = make_video(title="Newer")
        make_video(title="Not yet", external_url=None)
        found = web.get(self.PATH, headers=tenant.headers).json()
        assert [each["session_id"] for each in found] == [
            newer["session_id"],
            older["session_id"],
        ]
        assert found[1]["result_url"] == "https://cdn.example.com/final.mp4"
        assert found[1]["has_subtitles"] is True
        assert found[1]["result_language"] == found[1]["language"] == found[1]["langauge"] == "de"

    def test_a_sub_account_sees_only_its_own(self, web, tenant, make_video):
        key, other = tenant.sub_account_key(), tenant.sub_account_key()
        make_video()
        own = make_video(key=key)
        make_video(key=other)
        header = {"x-customer-sub-account-api-key": key}
        assert [each["session_id"] for each in web.get(self.PATH, headers=header).json()] == [
            own["session_id"]
        ]

    def test_another_organization_sees_nothing_of_it(self, web, other_tenant, make_video):
        make_video()
        assert web.get(self.PATH, headers=bearer(other_tenant.key)).json() == []

    @pytest.mark.parametrize("limit", ["0", "501", "x", "1e3", "9" * 5000])
    def test_a_limit_out_of_bounds_is_400(self, web, tenant, limit):
        answer = web.get(self.PATH, params={"limit": limit}, headers=tenant.headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
