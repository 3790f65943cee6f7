"""Videos that are published, unpublished and shown to others at a time."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from structlog.testing import capture_logs

from playout import ticker
from playout.core.ledger.model import Entry
from playout.core.permissions import Role
from playout.core.videos.model import Video
from playout.kit.clock import utcnow
from playout.ticker import Retries, tick
from tests.helpers.tenants import bearer
from tests.pages.helpers.stored_video import store

EDGES = {"video.published", "video.unpublished", "video.updated", "publication.published"}


@pytest.fixture
def call(web, tenant):
    """Calls the Videos API for a video, and returns the JSON of the answer if it succeeded."""

    def call(video, method: str = "GET", more: str = "", **fields: object):
        path = f"/api/v1/videos/{video['id']}/{more}"
        body = fields if method != "GET" else None
        answer = web.request(method, path, json=body, headers=tenant.headers)
        assert answer.is_success, answer.text
        return answer.json()

    return call


def soon(seconds: float) -> str:
    return (utcnow() + timedelta(seconds=seconds)).isoformat()


def let_pass(runtime, video, **moments: object) -> None:
    """Move planned times of a video, as if Playout had been down until now."""
    with runtime.database.write_session() as session:
        past = {**moments, "turns_at": utcnow() - timedelta(days=1)}
        session.execute(update(Video).where(Video.id == video["id"]).values(past))


def ago(hours: float):
    return utcnow() - timedelta(hours=hours)


def public_address(video) -> str:
    """Return the address of the file without the grant of a caller."""
    return urlsplit(video["video"]).path


def edges(runtime, video) -> list[str]:
    with runtime.database.read_session() as session:
        query = select(Entry.event).where(Entry.subject_id.in_([str(video["id"]), video["uid"]]))
        return [each for each in session.scalars(query.order_by(Entry.id)) if each in EDGES]


@contextmanager
def never_published(runtime, video) -> Iterator[None]:
    """Let the database refuse to publish a video."""
    name = f"never_published_{video['id']}"
    rule = f"CHECK (id <> {video['id']} OR is_draft) NOT VALID"
    with runtime.database.write_session() as session:
        session.execute(text(f"ALTER TABLE videos ADD CONSTRAINT {name} {rule}"))
    yield
    with runtime.database.write_session() as session:
        session.execute(text(f"ALTER TABLE videos DROP CONSTRAINT {name}"))


class TestPlanning:
    def test_what_is_planned_can_be_read_and_taken_back(self, call, make_video):
        video = make_video()
        assert (video["publish_at"], video["unpublish_at"], video["visibility_at"]) == (
            None,
            None,
            [],
        )
        later = "2096-03-31T02:30:00+02:00"
        plan = [
            {"at": "2097-01-01T00:00:00Z", "visibility": "org"},
            {"at": "2096-01-01T00:00:00Z", "visibility": "public"},
        ]
        changed = call(video, "PATCH", publish_at=later, visibility_at=plan)
        assert changed["publish_at"].startswith("2096-03-31T00:30:00")
        assert [each["visibility"] for each in changed["visibility_at"]] == ["public", "org"]
        back = call(video, "PATCH", publish_at=None, visibility_at=[])
        assert (back["publish_at"], back["visibility_at"]) == (None, [])

    @pytest.mark.parametrize(
        ("fields", "field", "problem"),
        [
            ({"publish_at": "2020-01-01T00:00:00Z"}, "publish_at", "in the future"),
            ({"unpublish_at": "2020-01-01T00:00:00Z"}, "unpublish_at", "in the future"),
            (
                {"publish_at": "2096-01-01T00:00:00Z", "unpublish_at": "2096-01-01T00:00:00Z"},
                "unpublish_at",
                "another time",
            ),
            (
                {"visibility_at": [{"at": "2020-01-01T00:00:00Z", "visibility": "org"}]},
                "visibility_at",
                "in the future",
            ),
            (
                {"visibility_at": [{"at": "2096-01-01T00:00:00Z", "visibility": "org"}] * 2},
                "visibility_at",
                "time of its own",
            ),
        ],
    )
    def test_a_plan_that_cannot_be_is_refused(
        self, web, tenant, make_video, fields, field, problem
    ):
        path = f"/api/v1/videos/{make_video()['id']}/"
        answer = web.patch(path, json=fields, headers=tenant.headers)
        assert answer.status_code == 400
        assert problem in answer.json()["errors"][field][0]

    def test_who_may_not_publish_may_not_plan_it(self, web, tenant, make_video):
        video = make_video(tenant.keys[Role.DEVELOPER])
        path, headers = f"/api/v1/videos/{video['id']}/", bearer(tenant.keys[Role.DEVELOPER])
        assert web.patch(path, json={"title": "Mine"}, headers=headers).status_code == 200
        answer = web.patch(path, json={"publish_at": soon(3600)}, headers=headers)
        assert answer.status_code == 403

    def test_a_client_may_send_back_a_time_that_has_passed(self, web, tenant, runtime, make_video):
        video = make_video()
        path = f"/api/v1/videos/{video['id']}/"
        web.patch(path, json={"unpublish_at": soon(3600)}, headers=tenant.headers)
        let_pass(runtime, video, unpublish_at=ago(1))
        read = web.get(path, headers=tenant.headers).json()
        sent = {"unpublish_at": read["unpublish_at"], "title": "Another"}
        assert web.patch(path, json=sent, headers=tenant.headers).status_code == 200


class TestTicker:
    def test_a_video_is_published_and_unpublished_at_its_times(
        self, web, runtime, call, make_video
    ):
        video = make_video(visibility="public")
        for field, is_draft in (("publish_at", False), ("unpublish_at", True)):
            at = utcnow() + timedelta(seconds=1.5)
            call(video, "PATCH", **{field: at.isoformat()})
            while call(video)["is_draft"] is not is_draft:
                assert utcnow() < at + timedelta(seconds=10)
                tick(runtime.work)
                time.sleep(0.02)
            assert utcnow() >= at
            assert call(video)[field] is None

    def test_what_was_due_in_a_downtime_is_done_in_its_order_and_once(
        self, runtime, call, make_video
    ):
        video = make_video()
        call(video, "PATCH", publish_at=soon(3600), unpublish_at=soon(7200))
        let_pass(runtime, video, publish_at=ago(20), unpublish_at=ago(10))
        tick(runtime.work)
        tick(runtime.work)
        assert call(video)["is_draft"]
        assert edges(runtime, video)[-2:] == ["video.published", "video.unpublished"]
        assert edges(runtime, video).count("video.published") == 1

    def test_several_processes_make_each_change_once(self, runtime, call, make_video):
        videos = [make_video() for _ in range(5)]
        for video in videos:
            call(video, "PATCH", publish_at=soon(3600))
            let_pass(runtime, video, publish_at=ago(1))
        together = threading.Barrier(4)

        def run() -> None:
            together.wait()
            tick(runtime.work)

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tick(runtime.work)
        assert [edges(runtime, each).count("video.published") for each in videos] == [1] * 5

    def test_a_change_that_fails_waits_and_keeps_no_other_waiting(
        self, runtime, call, make_video, monkeypatch
    ):
        monkeypatch.setattr(ticker, "AT_ONCE", 1)
        monkeypatch.setattr(ticker, "RETRY_SECONDS", 60)
        broken, whole = make_video(), make_video()
        for video, hours in ((broken, 2), (whole, 1)):
            call(video, "PATCH", publish_at=soon(3600))
            let_pass(runtime, video, publish_at=ago(hours))
        retries = Retries()
        with never_published(runtime, broken), capture_logs() as logged:
            for _ in range(3):
                tick(runtime.work, retries)
        failures = [each for each in logged if each["event"] == "ticker.failed"]
        assert [each["id"] for each in failures] == [broken["id"]]
        assert not call(whole)["is_draft"]
        tick(runtime.work)
        assert not call(broken)["is_draft"]

    def test_a_visibility_changes_at_its_time(self, web, runtime, call, make_video):
        video = make_video(visibility="private")
        call(video, "POST", "publish/")
        plan = [
            {"at": soon(3600), "visibility": "public"},
            {"at": soon(7200), "visibility": "org"},
        ]
        call(video, "PATCH", visibility_at=plan)
        let_pass(runtime, video, visibility_at=[{**plan[0], "at": ago(1).isoformat()}, plan[1]])
        tick(runtime.work)
        shown = call(video)
        assert shown["visibility"] == "public"
        assert [each["visibility"] for each in shown["visibility_at"]] == ["org"]

    def test_a_video_without_a_final_file_is_published_once_it_has_one(
        self, runtime, tenant, web, call, tmp_path
    ):
        body = {"title": "Early", "workspace": tenant.project_id}
        video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
        call(video, "PATCH", publish_at=soon(3600))
        let_pass(runtime, video, publish_at=ago(1))
        tick(runtime.work)
        assert call(video)["is_draft"]
        call(video, "PATCH", external_url="https://cdn.example.com/late.mp4")
        deadline = time.monotonic() + 5
        while call(video)["is_draft"]:  # a job may hold the row, and the ticker does not wait
            assert time.monotonic() < deadline
            tick(runtime.work)


class TestPlayback:
    def test_files_rest_from_the_moment_on_though_nobody_has_unpublished_yet(
        self, web, tenant, runtime, call, tmp_path
    ):
        body = {"title": "Over", "workspace": tenant.project_id}
        video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
        store(runtime, UUID(video["uid"]), tmp_path / "file")
        call(video, "POST", "publish/", visibility="public")
        call(video, "PATCH", unpublish_at=soon(3600))
        path = public_address(call(video))
        assert web.get(path).status_code == 200
        let_pass(runtime, video, unpublish_at=ago(0))
        runtime.invalidations.publish(None)
        assert web.get(path).status_code == 404
        tick(runtime.work)
        assert web.get(path).status_code == 404


class TestDownloads:
    def test_one_that_may_not_be_saved_plays_all_the_same(
        self, web, tenant, runtime, call, tmp_path
    ):
        body = {"title": "Stay here", "workspace": tenant.project_id, "downloads": False}
        video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
        store(runtime, UUID(video["uid"]), tmp_path / "file")
        call(video, "POST", "publish/", visibility="public")
        shown = call(video)
        assert shown["downloads"] is False
        assert web.get(public_address(shown)).status_code == 200
        refused = web.get(public_address(shown), params={"download": "1"})
        assert (refused.status_code, "content-disposition" in refused.headers) == (403, False)
        page = web.get(shown["custom_url"]).text
        assert "nodownload" in page
        assert " download>" not in page
        call(video, "PATCH", downloads=True)
        assert " download>" in web.get(call(video)["custom_url"]).text
