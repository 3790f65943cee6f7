"""Work that is under way is stopped, and tried again, by whoever may change the video."""

import threading

import pytest

from playout.core.media.model import LadderState
from playout.core.processing.ingest import IngestJob
from tests.api.helpers.streams import VP9, asset_of, climbed, enter, sounding, variants
from tests.api.helpers.uploads import clip, settled, upload

pytestmark = pytest.mark.usefixtures("ladders")

LONG = sounding("-c:v mpeg4 -c:a libopus", "960x540", 20, "mkv")
PATIENCE = 120


@pytest.fixture
def draft(make_video):
    return make_video(external_url=None)


@pytest.fixture
def post(web, tenant):
    def post(video, verb: str):
        return web.post(f"/api/v1/videos/{video['id']}/{verb}/", headers=tenant.headers)

    return post


@pytest.fixture
def events(web, tenant):
    """The ledger's rows of a video's making, newest first."""

    def events(video):
        rows = web.get("/api/v1/events/", headers=tenant.headers).json()["results"]
        return [
            row["changes"]
            for row in rows
            if row["type"] == "video.status_changed" and row["subject"]["id"] == video["uid"]
        ]

    return events


@pytest.fixture
def ended(monkeypatch):
    """Is set when a worker's attempt has come to its end, whichever."""
    done, run = threading.Event(), IngestJob.run

    def watched(attempt: IngestJob) -> None:
        try:
            run(attempt)
        finally:
            done.set()

    monkeypatch.setattr(IngestJob, "run", watched)
    return done


def put(web, tenant, video, content: bytes) -> None:
    path = f"/api/v1/videos/{video['id']}/source/"
    assert web.put(path, content=content, headers=tenant.headers).status_code == 200


class TestCancel:
    def test_what_is_being_made_stops_and_can_be_made_after_all(
        self, draft, web, tenant, post, events, ended
    ):
        put(web, tenant, draft, LONG)
        cancelled = post(draft, "cancel").json()
        assert (cancelled["status"], cancelled["failure_reason"]) == ("failed", "Cancelled.")
        assert events(draft)[0]["status"] == ["in_progress", "failed"]
        assert ended.wait(PATIENCE)
        assert settled(web, tenant.headers, draft)["status"] == "failed"
        again = post(draft, "retry").json()
        assert (again["status"], again["failure_reason"]) == ("in_progress", None)
        assert settled(web, tenant.headers, draft)["status"] == "completed"

    def test_what_played_before_plays_on(self, draft, web, tenant, post):
        before = upload(web, tenant.headers, draft, clip())
        put(web, tenant, draft, LONG)
        cancelled = post(draft, "cancel").json()
        assert (cancelled["status"], cancelled["is_regenerating"]) == ("completed", False)
        assert cancelled["video"].partition("?")[0] == before["video"].partition("?")[0]

    def test_a_ladder_stops_and_is_climbed_later(self, web, tenant, post, events, runtime):
        video = enter(web, tenant, sounding(VP9, "960x540", 4, "webm"))
        cancelled = post(video, "cancel")
        assert (cancelled.status_code, cancelled.json()["status"]) == (200, "completed")
        assert asset_of(runtime, video).ladder is LadderState.FAILED
        assert events(video)[0]["ladder"][1] == "failed"
        assert post(video, "cancel").status_code == 409
        assert post(video, "retry").status_code == 200
        detail = climbed(web, tenant, video)
        assert variants(web, detail["hls_url"]) == ["480p", "240p", "360p", "720p"]

    def test_there_has_to_be_something_under_way(self, draft, post):
        answer = post(draft, "cancel")
        assert answer.status_code == 409
        assert answer.json()["detail"] == "The video is not being processed."


class TestRetry:
    def test_what_did_not_fail_is_not_tried_again(self, draft, web, tenant, post):
        assert post(draft, "retry").status_code == 409
        upload(web, tenant.headers, draft, clip())
        assert post(draft, "retry").status_code == 409

    def test_what_fails_again_says_so_again(self, draft, web, tenant, post, events):
        first = upload(web, tenant.headers, draft, b"no draft at all")
        assert post(draft, "retry").status_code == 200
        second = settled(web, tenant.headers, draft)
        assert (second["status"], second["failure_reason"]) == ("failed", first["failure_reason"])
        assert [row["status"][1] for row in events(draft)] == ["failed", "in_progress"] * 2

    def test_another_source_is_not_what_failed(self, draft, web, tenant, post):
        upload(web, tenant.headers, draft, b"no draft at all")
        upload(web, tenant.headers, draft, clip())
        assert post(draft, "retry").status_code == 409
