"""samsar-js, unmodified: the gallery, the processing of sessions, and what Playout does not do."""

import secrets
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from tests.clients.helpers.samsar import Samsar
from tests.helpers.live import EXTERNAL, Founded, Live, create_video, publish

pytestmark = pytest.mark.slow

Enter = Callable[..., str]


@pytest.fixture
def enter(live: Live, acme: Founded) -> Enter:
    """Enters a video, completed unless told otherwise, and returns its session."""

    def enter(**fields: Any) -> str:
        with live.client(acme.key) as client:
            video = create_video(client, acme.project, **{"external_url": EXTERNAL} | fields)
        return str(video["session_id"])

    return enter


@pytest.fixture
def options(acme: Founded) -> dict[str, Any]:
    return {"apiKey": acme.key}


class TestGallery:
    def test_finds_public_videos_by_words_and_format(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter, live: Live, acme: Founded
    ) -> None:
        word, sessions = f"w{secrets.token_hex(4)}", (enter(), enter(), enter())
        with live.client(acme.key) as client:
            for session, ratio in zip(sessions, ("9:16", "16:9", "1:1"), strict=True):
                publish(client, session, title=f"Shoe {word} {ratio}", aspect_ratio=ratio)
        every, portrait, related, popular, status, synced = samsar.succeed(
            options,
            ["searchGallery", {"query": word}],
            ["searchGallery", {"search_term": word, "format": "portrait", "limit": 1}],
            ["getGalleryRecommendations", {"format": "square", "limit": 100}],
            ["getGalleryRecommendations"],
            ["getGalleryEmbeddingStatus"],
            ["syncGalleryEmbeddings", {"force": True}],
        )
        assert [item["sessionId"] for item in every["items"]] == [*reversed(sessions)]
        assert every["total"] == 3
        assert portrait["query"] == word
        [item] = portrait["items"]
        assert (item["aspectRatio"], item["videoUrl"]) == ("9:16", EXTERNAL)
        assert item["stats"] == {"likes": 0, "comments": 0, "shares": 0, "views": 0}
        assert item["title"] in httpx2.get(item["pageUrl"]).text
        assert related["reason"] == "popular_now"
        assert {each["aspectRatio"] for each in related["items"]} == {"1:1"}
        assert popular["personalized"] is False
        assert status["indexedPublications"] == synced["totalAvailable"] >= 3
        assert (synced["status"], synced["failed"]) == ("complete", 0)

    def test_recommends_what_is_like_a_publication_without_what_was_seen(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter, live: Live, acme: Founded
    ) -> None:
        handle = f"maker-{secrets.token_hex(4)}"
        with live.client(acme.key) as client:
            ids = [
                publish(client, enter(), creator_handle=handle)["publication_id"] for _ in range(3)
            ]
        given = {"publication_id": ids[0], "exclude_ids": [ids[1]], "limit": 2}
        [told] = samsar.succeed(options, ["getGalleryRecommendations", given])
        found = [item["id"] for item in told["items"]]
        assert found[0] == ids[2]
        assert not {ids[0], ids[1]} & {*found}
        assert told["reason"] == "similar_to_current"
        given = {"publicationId": "0" * 24}
        assert samsar.fail(options, "getGalleryRecommendations", given)["status"] == 404

    def test_has_no_interactive_publications(self, samsar: Samsar, options: dict[str, Any]) -> None:
        [told] = samsar.succeed(options, ["listInteractivePublications", {"limit": 5}])
        assert told == {"items": [], "nextCursor": None, "hasMore": False, "totalCount": 0}
        assert samsar.fail(options, "getInteractivePublication", "a1")["status"] == 404

    def test_counts_what_viewers_of_another_site_do_once(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter, live: Live, acme: Founded
    ) -> None:
        with live.client(acme.key) as client:
            publication = publish(client, enter())["publication_id"]

            def views(viewer: str | None, *steps: tuple[str, int]) -> list[dict[str, Any]]:
                of = {"publication_id": publication, "viewer_id": viewer}
                said = [of | {"event_type": kind, "watch_time_ms": ms} for kind, ms in steps]
                return samsar.succeed(options, *(["recordGalleryView", each] for each in said))

            first, again, progress, complete = views(
                "ada", ("view", 0), ("view", 0), ("progress", 4000), ("complete", 9000)
            )
            assert (first["countedView"], again["countedView"]) == (True, False)
            assert (progress["completed"], complete["completed"]) == (False, True)
            assert [each["uniqueView"] for each in views("bob", ("progress", 2000))] == [True]
            found = client.get("/api/v1/videos/?ordering=newest").json()["results"][0]
            answer = client.get(f"/api/v1/videos/{found['id']}/analytics/").json()
        totals = answer["totals"]
        assert (totals["views"], totals["plays"], totals["completions"]) == (2, 2, 1)
        assert (totals["daily_visitors"], totals["watch_seconds"]) == (2, 11)
        assert answer["retention"]["viewers"] == [2, 2, 1, 1, 1, 1, 1, 1, 1]
        error = samsar.fail(options, "recordGalleryView", {"publication_id": "0" * 24})
        assert error["status"] == 404


class TestSessions:
    def test_are_followed_until_they_have_a_final_video(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter
    ) -> None:
        done, empty = enter(language="de", has_subtitles=True), enter(external_url=None)
        latest, status, second, pending, none = samsar.succeed(
            options,
            ["fetchLatestVideoVersion", done],
            ["getStatus", done],
            ["getV2Status", done],
            ["getStatus", empty],
            ["fetchLatestVideoVersion", empty],
        )
        assert (latest["result_url"], latest["result_language"]) == (EXTERNAL, "de")
        assert (status["status"], status["result_url"]) == ("COMPLETED", EXTERNAL)
        assert status["has_subtitles"] is True
        assert second == status
        assert (pending["status"], pending["result_url"]) == ("PENDING", None)
        assert none["result_url"] is None

    def test_are_joined_and_the_joining_is_cancelled(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter
    ) -> None:
        both = {"session_ids": [enter(title="First"), enter()]}
        joined, again = samsar.succeed(options, ["joinVideos", both], ["joinV2Videos", both])
        assert joined["session_id"] != again["session_id"]
        assert joined["status"] == "PROCESSING"
        session = samsar.fail(options, "joinVideos", both | {"blend_scenes": True})
        assert session["status"] == 400
        # Nobody is at the address of these videos, so that joining them may have failed already.
        for method, told in (("cancelRender", joined), ("cancelV2Render", again)):
            [result] = samsar.call(options, [method, {"session_id": told["session_id"]}])
            if "error" in result:
                assert result["error"]["status"] == 409
            else:
                assert (result["data"]["cancelled"], result["data"]["status"]) == (
                    True,
                    "CANCELLED",
                )
            [after] = samsar.succeed(options, ["getStatus", told["session_id"]])
            assert after["status"] in {"CANCELLED", "FAILED"}

    def test_a_token_is_verified_wherever_it_is_sent(
        self, samsar: Samsar, options: dict[str, Any], acme: Founded
    ) -> None:
        [own] = samsar.succeed(options, ["verifyClientSession"])
        [other] = samsar.succeed({}, ["verifyClientSession", {"authToken": acme.key}])
        assert own == other
        assert own["authToken"] == acme.key
        assert own["isExternalUser"] is False
        error = samsar.fail({}, "verifyClientSession", {"loginToken": "app.v1.nonsense"})
        assert (error["status"], error["body"]["code"]) == (401, "unauthenticated")


class TestWhatPlayoutDoesNotDo:
    @pytest.mark.parametrize(
        "call",
        [
            ["createVideoFromText", {"prompt": "A shoe", "image_model": "a", "video_model": "b"}],
            ["getV2Credits"],
            ["getSupportedTextToVideoModels"],
            ["createAssistantCompletion", {"input": []}],
        ],
        ids=lambda call: call[0],
    )
    def test_is_a_404_with_a_sentence(
        self, samsar: Samsar, options: dict[str, Any], call: list[Any]
    ) -> None:
        error = samsar.fail(options, *call)
        assert (error["status"], error["body"]["code"]) == (404, "not_found")
        assert error["body"]["message"].endswith(".")
