"""Answers from memory: the same as from the database, for the same caller, and never for others."""

import time

import pytest
from sqlalchemy import text

from playout.core.permissions import Role
from tests.helpers.statements import recorded_statements
from tests.helpers.tenants import bearer

PATIENCE = 30.0
CATALOG = ("tags", "categories", "templates")


@pytest.fixture(autouse=True)
def notified(runtime) -> None:
    """Waits until memory is trusted."""
    deadline = time.monotonic() + PATIENCE
    while not runtime.invalidations.connected:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def ask(web, tenant):
    """Calls an API as the administrator of the tenant, or with another key."""

    def ask(path: str, method: str = "GET", body: object = None, key: str = "", **headers: str):
        headers |= bearer(key or tenant.key)
        return web.request(method, path, json=body, headers=headers)

    return ask


@pytest.fixture
def reads_database(runtime, ask):
    """Tells whether the answer to a GET needs the database. Other threads may use it meanwhile."""

    def reads(path: str, **more: str) -> bool:
        def once() -> bool:
            with recorded_statements(runtime) as statements:
                assert ask(path, **more).is_success
            tables = ("videos", "projects", "publications", "organizations")
            return any(f"FROM {name}" in each.text for each in statements for name in tables)

        return once() and once()

    return reads


def video_path(video: dict[str, object]) -> str:
    return f"/api/v1/videos/{video['id']}/"


def wait_for_failure(runtime, video: dict[str, object]) -> None:
    """Wait until the job has recorded that it failed: nothing changes the video after that."""
    failed = text("SELECT failed_asset_id FROM videos WHERE id = :id")
    deadline = time.monotonic() + PATIENCE
    while True:
        with runtime.database.read_session() as session:
            if session.execute(failed, {"id": video["id"]}).scalar():
                return
        assert time.monotonic() < deadline
        time.sleep(0.01)


class TestMemory:
    def test_what_was_asked_is_answered_without_the_database(
        self, ask, make_video, reads_database, tenant
    ):
        video = make_video()
        for path in (
            video_path(video),
            "/api/v1/videos/",
            "/api/v1/workspaces/",
            f"/productions/{video['id']}",
            "/productions",
            "/v1/video/list_completed_video_sessions",
            "/api/Projects",
        ):
            first = ask(path)
            second = ask(path)
            assert (first.content, first.status_code) == (second.content, second.status_code)
            assert first.headers.get("etag") == second.headers.get("etag")
            assert not reads_database(path)

    def test_long_addresses_do_not_fill_the_memory(self, ask, make_video, reads_database):
        path = video_path(make_video())
        for length, kept in ((500, True), (1_500, False)):
            ask(f"{path}?x={'x' * length}")
            assert reads_database(f"{path}?x={'x' * length}") is not kept

    def test_a_version_that_the_client_has_is_not_sent_again(self, ask, make_video):
        path = video_path(make_video())
        etag = ask(path).headers["etag"]
        for _ in range(2):
            answer = ask(path, **{"If-None-Match": etag})
            assert (answer.status_code, answer.content) == (304, b"")
        assert ask(path, **{"If-None-Match": '"another"'}).status_code == 200

    def test_each_answer_counts_and_has_an_id_of_its_own(self, ask, make_video):
        path = video_path(make_video())
        first, second = ask(path), ask(path)
        assert first.headers["x-request-id"] != second.headers["x-request-id"]
        left = [int(each.headers["x-ratelimit-remaining"]) for each in (first, second)]
        assert left[0] > left[1]

    def test_later_pages_are_asked_from_the_database(self, ask, make_video, reads_database):
        for _ in range(3):
            make_video()
        path = "/api/v1/videos/?page_size=1&page=2"
        ask(path)
        assert reads_database(path)


class TestChanges:
    def test_a_change_is_seen_at_once(self, ask, make_video):
        video = make_video()
        path = video_path(video)
        for number in range(3):
            title = f"Title {number}"
            ask(path, "PATCH", {"title": title})
            assert ask(path).json()["title"] == title
            assert ask("/api/v1/videos/").json()["results"][0]["title"] == title
            assert ask(f"/productions/{video['id']}").json()["data"][0]["name"] == title

    def test_publishing_and_unpublishing_are_seen_at_once(self, ask, make_video):
        path = video_path(make_video())
        for method, is_draft in (("POST", False), ("DELETE", True)):
            ask(path)
            ask(f"{path}publish/", method)
            assert ask(path).json()["is_draft"] is is_draft

    def test_a_deleted_video_is_gone_at_once(self, ask, make_video):
        path = video_path(make_video())
        assert ask(path).status_code == 200
        ask(path, "DELETE")
        assert ask(path).status_code == 404
        assert ask("/api/v1/videos/").json()["count"] == 0

    @pytest.mark.parametrize("noun", CATALOG)
    def test_a_renamed_entry_is_seen_at_once(self, ask, noun):
        entry = ask(f"/api/v1/{noun}/", "POST", {"name": "Before"}).json()
        path = f"/api/v1/{noun}/{entry['id']}/"
        assert ask(path).json()["name"] == "Before"
        ask(path, "PATCH", {"name": "After"})
        assert ask(path).json()["name"] == "After"
        assert ask(f"/api/v1/{noun}/").json()["results"][0]["name"] == "After"

    def test_sections_are_seen_at_once(self, ask, make_video):
        path = video_path(make_video())
        assert ask(path).json()["sections"] == []
        section = ask(f"{path}sections/", "POST", {"order": 1, "content": []}).json()
        assert [each["id"] for each in ask(path).json()["sections"]] == [section["id"]]
        ask(f"{path}sections/{section['id']}/", "DELETE")
        assert ask(path).json()["sections"] == []

    def test_captions_are_seen_at_once(self, ask, web, tenant, make_video):
        path = video_path(make_video())
        assert ask(path).json()["caption_languages"] == []
        answer = web.put(
            f"{path}captions/de/",
            content=b"WEBVTT\n\n00:00.000 --> 00:01.000\nHallo\n",
            headers=tenant.headers | {"Content-Type": "text/vtt"},
        )
        assert answer.is_success, answer.text
        assert ask(path).json()["caption_languages"] == ["de"]

    def test_what_is_processed_is_not_kept(self, ask, runtime, make_video, reads_database):
        video = make_video(external_url=None, source_url="https://192.0.2.1/none.mp4")
        wait_for_failure(runtime, video)
        with runtime.database.write_session() as session:
            session.execute(
                text("UPDATE videos SET pending_asset_id = failed_asset_id WHERE id = :id"),
                {"id": video["id"]},
            )
        runtime.invalidations.publish(None)
        ask(video_path(video))
        assert reads_database(video_path(video))


class TestCallers:
    def test_another_organization_gets_nothing(self, ask, make_video, other_tenant):
        video = make_video()
        assert ask(video_path(video)).status_code == 200
        assert ask(video_path(video), key=other_tenant.key).status_code == 404
        assert ask("/api/v1/videos/", key=other_tenant.key).json()["count"] == 0

    def test_each_role_gets_its_own_answer(self, ask, make_video, tenant):
        path = video_path(make_video(visibility="private"))
        ask(f"{path}publish/", "POST")
        assert ask(path).status_code == 200
        assert ask(path, key=tenant.keys[Role.VIEWER]).status_code == 404
        assert ask("/api/v1/videos/").json()["count"] == 1
        assert ask("/api/v1/videos/", key=tenant.keys[Role.VIEWER]).json()["count"] == 0

    def test_a_sub_account_gets_its_own_answer(self, ask, make_video, tenant):
        mine = make_video()
        key = tenant.sub_account_key()
        theirs = make_video(key)
        assert ask("/api/v1/videos/").json()["count"] == 2
        listed = ask("/api/v1/videos/", key=key).json()["results"]
        assert [each["id"] for each in listed] == [theirs["id"]]
        assert ask(video_path(mine), key=key).status_code == 404

    def test_a_revoked_key_gets_nothing(self, ask, make_video):
        path = video_path(make_video())
        made = ask("/api/v1/keys/", "POST", {"name": "Soon gone", "role": "Viewer"}).json()
        for _ in range(2):
            assert ask(path, key=made["key"]).status_code == 200
        ask(f"/api/v1/keys/{made['id']}/", "DELETE")
        assert ask(path, key=made["key"]).status_code == 401

    def test_a_key_with_another_role_gets_another_answer(self, ask, make_video):
        path = video_path(make_video(visibility="private"))
        ask(f"{path}publish/", "POST")
        made = ask("/api/v1/keys/", "POST", {"name": "Demoted", "role": "Developer"}).json()
        assert ask(path, key=made["key"]).status_code == 200
        changed = ask(f"/api/v1/keys/{made['id']}/", "PATCH", {"role": "Viewer"})
        expected = 404 if changed.is_success else 200
        assert ask(path, key=made["key"]).status_code == expected
