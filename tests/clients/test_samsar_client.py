"""samsar-js, the public npm client of the Publications API, works with its base URL replaced."""

import secrets
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from tests.clients.helpers.samsar import Samsar
from tests.helpers.live import EXTERNAL, Founded, Live, create_video

pytestmark = pytest.mark.slow

Enter = Callable[..., str]


@pytest.fixture
def enter(live: Live, acme: Founded) -> Enter:
    """Enters a video, completed unless told otherwise, and returns its session."""

    def enter(key: str = acme.key, project: int = acme.project, **fields: Any) -> str:
        with live.client(key) as client:
            video = create_video(client, project, **{"external_url": EXTERNAL} | fields)
        return str(video["session_id"])

    return enter


@pytest.fixture
def options(acme: Founded) -> dict[str, Any]:
    return {"apiKey": acme.key}


class TestApiKey:
    def test_publishes_a_session_which_is_on_its_page_at_once(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter
    ) -> None:
        session, title = enter(), f"Trail shoe {secrets.token_hex(4)}"
        given = {"session_id": session, "title": title, "tags": [" launch ", "shoe"]}
        [told] = samsar.succeed(options, ["publishPublication", given])
        assert told["created"] is True
        assert told["session"]["is_published"] is True
        assert told["session"]["published_video_url"] == EXTERNAL
        assert told["publication"]["tags"] == ["launch", "shoe"]
        assert title in httpx2.get(told["publication"]["page_url"]).text

    def test_sends_its_own_spellings_of_fields(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter
    ) -> None:
        given = {
            "videoSessionId": enter(),
            "aspectRatio": "9:16",
            "creatorHandle": "@mira",
            "prompt": "a shoe in the rain",
            "language": "fr",
            "has_subtitles": True,
        }
        [told] = samsar.succeed(options, ["publishSessionPublication", given])
        publication = told["publication"]
        assert publication["aspect_ratio"] == publication["aspectRatio"] == "9:16"
        assert publication["creator_handle"] == publication["creatorHandle"] == "@mira"
        assert publication["original_prompt"] == "a shoe in the rain"
        assert publication["session_language"] == publication["language"] == "fr"
        assert publication["has_subtitles"] is True

    def test_editing_keeps_what_is_left_out(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter
    ) -> None:
        session = enter()
        given = {"session_id": session, "title": "First cut", "description": "Rain", "tags": "a, b"}
        published, edited = samsar.succeed(
            options,
            ["publishPublication", given],
            ["editPublication", {"session_id": session, "title": "Final cut"}],
        )
        before, after = published["publication"], edited["publication"]
        assert after["title"] == "Final cut"
        kept = ("id", "slug", "description", "tags", "video_url", "created_at")
        assert {name: after[name] for name in kept} == {name: before[name] for name in kept}

    def test_revoking_takes_the_page_away(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter
    ) -> None:
        session = enter()
        published, revoked = samsar.succeed(
            options, ["publishPublication", session], ["revokePublication", session]
        )
        assert revoked["revoked"] is True
        assert revoked["publication_id"] == published["publication"]["id"]
        assert revoked["session"]["is_published"] is False
        assert httpx2.get(published["publication"]["page_url"]).status_code == 404

    def test_lists_completed_sessions_newest_first(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter
    ) -> None:
        first, second = enter(has_subtitles=True, language="de"), enter()
        unfinished = enter(external_url=None)
        [listed] = samsar.succeed(options, ["listCompletedVideoSessions", {"limit": 50}])
        sessions = [item["session_id"] for item in listed]
        assert sessions.index(second) < sessions.index(first)
        assert unfinished not in sessions
        mine = listed[sessions.index(first)]
        assert mine["result_url"] == EXTERNAL
        assert (mine["has_subtitles"], mine["result_language"]) == (True, "de")


@pytest.mark.parametrize("sent_as", ["apiKey", "defaultHeaders", "both"])
class TestSubAccountKey:
    @pytest.fixture
    def customer(self, sent_as: str, sub_account_key: str, acme: Founded) -> dict[str, Any]:
        headers = {"x-customer-sub-account-api-key": sub_account_key}
        ways: dict[str, dict[str, Any]] = {
            "apiKey": {"apiKey": sub_account_key},
            "defaultHeaders": {"defaultHeaders": headers},
            "both": {"apiKey": acme.key, "defaultHeaders": headers},
        }
        return ways[sent_as]

    def test_publishes_edits_and_revokes_its_own_session(
        self, samsar: Samsar, customer: dict[str, Any], enter: Enter, sub_account_key: str
    ) -> None:
        session = enter(key=sub_account_key)
        published, edited, revoked = samsar.succeed(
            customer,
            ["publishPublication", {"session_id": session, "title": "Ours"}],
            ["editPublication", {"session_id": session, "description": "Ours alone"}],
            ["revokePublication", session],
        )
        assert published["created"] is True
        assert edited["publication"]["title"] == "Ours"
        assert revoked["revoked"] is True

    def test_sees_and_publishes_no_session_of_the_organization(
        self, samsar: Samsar, customer: dict[str, Any], enter: Enter, sub_account_key: str
    ) -> None:
        theirs, own = enter(), enter(key=sub_account_key)
        [listed] = samsar.succeed(customer, ["listCompletedVideoSessions"])
        sessions = [item["session_id"] for item in listed]
        assert own in sessions
        assert theirs not in sessions
        assert samsar.fail(customer, "publishPublication", theirs)["status"] == 403


class TestErrors:
    """Each is a SamsarRequestError with the status and, in its body, the reason."""

    def _assert_told(self, error: dict[str, Any], status: int, code: str) -> None:
        assert error["name"] == "SamsarRequestError"
        assert (error["status"], error["body"]["code"]) == (status, code)
        reason = error["body"]["message"]
        assert reason.endswith(".") or ": " in reason
        assert error["message"].endswith(reason)

    def test_400_for_what_is_no_session_id(self, samsar: Samsar, options: dict[str, Any]) -> None:
        error = samsar.fail(options, "publishPublication", "not-a-session")
        self._assert_told(error, 400, "invalid")

    def test_400_for_a_field_that_breaks_a_rule(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter
    ) -> None:
        given = {"session_id": enter(), "splash_image": "ftp://elsewhere"}
        self._assert_told(samsar.fail(options, "publishPublication", given), 400, "invalid")

    @pytest.mark.parametrize("options", [{}, {"apiKey": "app.v1.nonsense"}])
    def test_401_without_a_good_key(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter
    ) -> None:
        error = samsar.fail(options, "publishPublication", enter())
        self._assert_told(error, 401, "unauthenticated")

    def test_403_for_a_session_of_another_organization(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter, rival: Founded
    ) -> None:
        theirs = enter(key=rival.key, project=rival.project)
        error = samsar.fail(options, "publishPublication", theirs)
        self._assert_told(error, 403, "forbidden")

    def test_404_for_a_session_that_is_not_there(
        self, samsar: Samsar, options: dict[str, Any]
    ) -> None:
        error = samsar.fail(options, "publishPublication", "0" * 24)
        self._assert_told(error, 404, "not_found")

    @pytest.mark.parametrize("method", ["editPublication", "revokePublication"])
    def test_404_for_a_session_that_is_not_published(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter, method: str
    ) -> None:
        self._assert_told(samsar.fail(options, method, enter()), 404, "not_found")

    def test_409_for_a_session_without_a_final_video(
        self, samsar: Samsar, options: dict[str, Any], enter: Enter
    ) -> None:
        error = samsar.fail(options, "publishPublication", enter(external_url=None))
        self._assert_told(error, 409, "conflict")
