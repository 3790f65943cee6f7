"""What viewers did, in the JSON of a video and in the order of lists."""

import json
from datetime import timedelta

import pytest

from playout.core.analytics.events import Kind
from playout.core.analytics.jobs import count_day, update_videos
from playout.core.analytics.totals import update_totals
from playout.core.principal import WORKER
from playout.core.unit import Origin
from playout.kit.clock import utcnow
from tests.core.analytics.helpers.viewings import Viewing, store

NOTHING = {"views": 0, "plays": 0, "watch_seconds": 0, "cta_clicks": 0}


@pytest.fixture
def watch(runtime):
    """Store plays of a video, of so many seconds each, some days ago; then update its totals."""

    def watch(video, times, days_ago=0, counted=False):
        at = utcnow() - timedelta(days_ago)
        subjects = [f"video:{video['id']}"]
        viewings = [Viewing(at, subjects, video["id"] * 1000 + n, n) for n in range(times)]
        for viewing in viewings:
            viewing.add(Kind.VIEW, 0)
            viewing.add(Kind.PLAY, 0)
            viewing.add(Kind.WATCH, 0, from_ms=0, to_ms=1500)
        store(runtime.database, viewings)
        if counted:
            with runtime.database.write_session() as session:
                count_day(session, at.date())
            with runtime.work.write(WORKER, Origin("tests")) as unit:
                update_totals(unit, subjects, utcnow().date())
        else:
            update_videos.function(runtime)

    return watch


@pytest.fixture
def get(web, tenant):
    def get(video, **headers):
        path = f"/api/v1/videos/{video['id']}/"
        return web.get(path, headers=tenant.headers | headers)

    return get


class TestMetrics:
    def test_are_those_of_counted_days_and_of_today(self, make_video, watch, get):
        video = make_video()
        assert json.loads(get(video).json()["metrics"]) == NOTHING
        watch(video, 2, days_ago=9, counted=True)
        watch(video, 3)
        expected = {"views": 5, "plays": 5, "watch_seconds": 7, "cta_clicks": 0}
        assert json.loads(get(video).json()["metrics"]) == expected

    def test_change_the_etag_of_the_answer_and_not_what_a_write_must_match(
        self, web, tenant, make_video, watch, get
    ):
        video = make_video()
        before = get(video)
        watch(video, 1)
        after = get(video, **{"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert get(video, **{"If-None-Match": after.headers["etag"]}).status_code == 304
        assert after.json()["updated_at"] == before.json()["updated_at"]
        for etag in (before.headers["etag"], after.headers["etag"]):
            video = get(video).json()
            headers = tenant.headers | {"If-Match": etag}
            path = f"/api/v1/videos/{video['id']}/"
            answer = web.patch(path, json={"title": "Changed"}, headers=headers)
            assert answer.status_code == (200 if etag == before.headers["etag"] else 412)


class TestOrders:
    def test_popular_is_by_all_plays_and_trending_by_those_of_a_week(
        self, web, tenant, make_video, watch
    ):
        classic, hit, unseen = make_video(), make_video(), make_video()
        watch(classic, 5, days_ago=11, counted=True)
        watch(hit, 3)

        def listed(order):
            found = web.get(f"/api/v1/videos/?ordering={order}", headers=tenant.headers).json()
            return [each["id"] for each in found["results"]]

        assert listed("popular") == [classic["id"], hit["id"], unseen["id"]]
        assert listed("trending")[0] == hit["id"]
        assert set(listed("trending")[1:]) == {classic["id"], unseen["id"]}

    def test_pages_by_cursor_follow_the_order(self, web, tenant, make_video, watch):
        videos = [make_video() for _ in range(3)]
        watch(videos[1], 2)
        seen, address = [], "/api/v1/videos/?ordering=popular&page_size=1"
        while address:
            page = web.get(address, headers=tenant.headers).json()
            seen += [each["id"] for each in page["results"]]
            address = page["next"]
        assert seen == [videos[1]["id"], videos[2]["id"], videos[0]["id"]]
