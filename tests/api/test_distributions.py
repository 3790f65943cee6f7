"""Distributions of what Playout keeps: how each packaging and quality becomes ready."""

import pytest

from playout.core.processing.ladder import LadderJob
from playout.transcode.errors import MediaRejected
from tests.api.helpers.productions_client import Productions, ledger
from tests.api.helpers.streams import HEVC, asset_of, climbed, enter, sounding, variants
from tests.helpers.live import until

pytestmark = pytest.mark.usefixtures("ladders")

PATIENCE = 60.0
ALL = [
    {"format": "HLS", "quality": "adaptive"},
    {"format": "HLS", "quality": "1080p"},
    {"format": "DASH", "quality": "480p"},
    {"format": "MP4", "quality": "720p"},
]


@pytest.fixture
def api(web, tenant):
    return Productions(web, tenant.key)


@pytest.fixture
def climb(runtime, monkeypatch):
    """Climbs a video's ladder when it is told to."""
    attempt = LadderJob.run
    monkeypatch.setattr(LadderJob, "run", lambda _: None)
    return lambda video: attempt(LadderJob(runtime, asset_of(runtime, video).id, 5))


def distribute(api, video, settings=ALL) -> str:
    path = f"/productions/{video['id']}/distributions"
    api.data("POST", path, [{"name": "One", "settings": each} for each in settings])
    return path


def statuses(api, path) -> list[str]:
    return [each["status"] for each in api.data("GET", path)[::-1]]


def announced(tenant) -> list[list[str]]:
    """What the ledger tells of statuses so far: before and after."""
    rows = ledger(tenant, "distribution.updated")
    return [row.changes["status"] for row in rows if "status" in row.changes]


class TestPackaging:
    def test_each_is_ready_when_its_quality_is_there(self, web, api, tenant, climb):
        video = enter(web, tenant, sounding(HEVC, "854x480", 2))
        path = distribute(api, video)
        # The copy is all that a source of 480p gives at 1080p, too.
        assert statuses(api, path) == ["ready"] * 4
        assert announced(tenant) == []
        climb(video)
        urls = [each["playback_url"] for each in api.data("GET", path)[::-1]]
        names = [url.partition("?")[0].rpartition("/")[2] for url in urls]
        assert names == ["master.m3u8", "master-1080p.m3u8", "manifest-480p.mpd", "video.mp4"]
        assert [web.get(url).status_code for url in urls] == [200] * 4
        assert variants(web, urls[1]) == ["480p", "240p", "360p"]

    def test_a_quality_below_the_source_waits_for_its_rendition(self, web, api, tenant, climb):
        video = enter(web, tenant, sounding(size="854x480", seconds=2))
        path = distribute(api, video, [{"format": "HLS"}, {"format": "DASH", "quality": "480p"}])
        low = [{"name": "Low", "settings": {"quality": "480p"}}]
        assert statuses(api, path) == ["ready", "ready"]
        larger = enter(web, tenant, sounding(size="1280x720", seconds=2))
        path = f"/productions/{larger['id']}/distributions"
        (made,) = api.data("POST", path, low)
        assert (made["status"], made["progress"], made["playback_url"]) == ("packaging", 0, None)
        climb(larger)
        (made,) = api.data("GET", path)
        assert (made["status"], made["progress"]) == ("ready", 100)
        assert variants(web, made["playback_url"]) == ["480p", "240p", "360p"]

    def test_a_ladder_that_fails_says_why_and_leaves_what_is_ready(
        self, web, api, tenant, climb, monkeypatch
    ):
        def fails(*_: object, **__: object) -> None:
            raise MediaRejected("The file is damaged.")

        monkeypatch.setattr("playout.core.processing.ladder.encode", fails)
        video = enter(web, tenant, sounding(size="1280x720", seconds=2))
        path = distribute(api, video, [{"format": "HLS"}, {"format": "HLS", "quality": "480p"}])
        climb(video)
        whole, low = api.data("GET", path)[::-1]
        assert (whole["status"], whole["failure_reason"]) == ("ready", None)
        assert (low["status"], low["failure_reason"]) == ("failed", "The file is damaged.")
        until(lambda: ["packaging", "failed"] in announced(tenant), PATIENCE, "what failed, told")

    def test_is_told_once_for_each_change(self, web, api, tenant):
        body = {"title": "Waiting", "workspace": tenant.project_id}
        video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
        distribute(api, video, [{"format": "HLS"}])
        content = sounding(size="320x180", seconds=1)
        source = f"/api/v1/videos/{video['id']}/source/"
        assert web.put(source, content=content, headers=tenant.headers).status_code == 200
        until(
            lambda: any(after == "ready" for _, after in announced(tenant)), PATIENCE, "ready, told"
        )
        climbed(web, tenant, video)
        found = announced(tenant)
        assert found[0][0] == "pending"
        assert found[-1][1] == "ready"
        assert [before for before, _ in found[1:]] == [after for _, after in found[:-1]]

    def test_that_becomes_another_is_told_of(self, api, make_video, tenant):
        path = distribute(api, make_video(), [{"format": "MP4"}])
        (made,) = api.data("GET", path)
        api.one("PATCH", f"{path}/{made['id']}", {"settings": {"format": "DASH"}})
        until(lambda: announced(tenant) == [["ready", "failed"]], PATIENCE, "what it is now, told")

    def test_what_lies_elsewhere_is_not_packaged(self, api, make_video):
        path = distribute(api, make_video())
        assert statuses(api, path) == ["failed", "failed", "failed", "ready"]
        assert "on another server" in api.data("GET", path)[-1]["failure_reason"]

    def test_a_source_that_cannot_be_used_fails_them_all(self, web, api, tenant):
        body = {"title": "Broken", "workspace": tenant.project_id}
        video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
        path = distribute(api, video)
        source = f"/api/v1/videos/{video['id']}/source/"
        web.put(source, content=b"no video at all", headers=tenant.headers)
        until(lambda: statuses(api, path) == ["failed"] * 4, PATIENCE, "failed")
        assert api.data("GET", path)[0]["failure_reason"]
