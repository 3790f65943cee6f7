"""Beacons of the player: what is counted, what is dropped, and what is never stored."""

import html
import json
import re

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from playout.core.analytics.metrics import BEACONS_DROPPED
from tests.helpers.live import until

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"
COUNTING = re.compile(r'data-counting="([^"]+)"')
EVENTS = text("SELECT * FROM analytics_events WHERE subjects @> ARRAY[:subject] ORDER BY at, kind")
VIEW = "0123456789abcdef"


@pytest.fixture
def video(web, tenant, make_video):
    """A published video."""
    made = make_video(visibility="public")
    path = f"/api/v1/videos/{made['id']}/publish/"
    return web.post(path, headers=tenant.headers).json()


@pytest.fixture
def told(web, video):
    """What the watch page tells its player."""
    page = web.get(video["custom_url"]).text
    return json.loads(html.unescape(COUNTING.search(page)[1]))


@pytest.fixture
def send(web, told):
    """Send a beacon; return the status."""

    def send(events, **fields):
        headers = {"User-Agent": BROWSER} | fields.pop("headers", {})
        body = {"token": told["token"], "view": VIEW, "events": events} | fields
        return web.post(told["to"], content=json.dumps(body), headers=headers).status_code

    return send


@pytest.fixture
def stored(runtime, video):
    """The events of the video that are stored, once there are so many."""

    def stored(number):
        def read():
            with runtime.database.read_session() as session:
                return session.execute(EVENTS, {"subject": f"video:{video['id']}"}).mappings().all()

        return until(lambda: len(read()) >= number and read(), 5, "events are stored")

    return stored


def dropped(reason):
    return BEACONS_DROPPED.labels(reason)._value.get()


class TestBeacon:
    def test_is_stored_for_the_video_its_project_and_its_publication(
        self, web, tenant, video, send, stored
    ):
        watch = {"kind": "watch", "from": 0, "to": 2500, "height": 720}
        assert send([{"kind": "view"}, watch], referrer="news.example") == 204
        watched = next(each for each in stored(2) if each["kind"] == "watch")
        kinds = [each.partition(":")[0] for each in watched["subjects"]]
        assert kinds == ["video", "project", "publication"]
        assert (watched["from_ms"], watched["to_ms"], watched["rendition"]) == (0, 2500, "720p")
        assert (watched["referrer"], watched["device"]) == ("news.example", "computer")

    def test_leaves_nothing_personal_in_database_and_log(self, web, runtime, told):
        address, agent = "203.0.113.77", f"{BROWSER} Personal/7781"
        body = json.dumps({"token": told["token"], "view": VIEW, "events": [{"kind": "cta"}]})
        visitor = TestClient(web.app, client=(address, 4711), headers={"User-Agent": agent})
        with capture_logs() as logged:
            assert visitor.get("/").status_code == 200
            assert visitor.post(told["to"], content=body).status_code == 204
        assert "203.0.113.0/24" in repr(logged)
        assert not _names(repr(logged), address, agent)
        found = _written(runtime, "'cta'")
        assert '"cta"' in found.replace("'", '"')
        assert not _names(found, address, agent)

    def test_of_another_site_leaves_nothing_of_its_viewer_either(self, web, runtime, tenant, video):
        found = {"session_id": video["session_id"]}
        answer = web.post("/v1/publications/publish", json=found, headers=tenant.headers).json()
        viewer = "ada.lovelace@example.com"
        body = {"publication_id": answer["publication_id"], "viewer_id": viewer}
        with capture_logs() as logged:
            told = web.post("/v2/gallery/events/view", json=body, headers=tenant.headers).json()
        assert told["countedView"] is True
        assert viewer not in repr(logged) + _written(runtime, answer["publication_id"])

    @pytest.mark.parametrize(
        ("reason", "events", "fields"),
        [
            ("token", [{"kind": "view"}], {"token": "e30.forged"}),
            ("token", [{"kind": "view"}], {"token": 7}),
            ("form", [{"kind": "view"}], {"view": "short"}),
            ("form", "view", {}),
            ("size", [{"kind": "view"}], {"padding": "x" * 3000}),
            ("impossible", [{"kind": "watch", "from": 9, "to": 3}], {}),
            ("impossible", [{"kind": "watch", "from": -1, "to": 3}], {}),
            ("impossible", [{"kind": "watch", "from": 0, "to": 10**12}], {}),
            ("impossible", [{"kind": "wait", "ms": 10**9}], {}),
            ("impossible", [{"kind": "steal"}], {}),
            ("fast", [{"kind": "watch", "from": 0, "to": 10**7}], {"view": "f" * 16}),
            ("bot", [{"kind": "view"}], {"headers": {"User-Agent": "Googlebot/2.1"}}),
            ("opted_out", [{"kind": "view"}], {"headers": {"DNT": "1"}}),
            ("opted_out", [{"kind": "view"}], {"headers": {"Sec-GPC": "1"}}),
        ],
    )
    def test_that_is_forged_or_unwanted_is_dropped_and_counted_as_dropped(
        self, send, stored, reason, events, fields
    ):
        before = dropped(reason)
        assert send(events, **fields) == 204
        until(lambda: dropped(reason) == before + 1, 5, "it is dropped")
        send([{"kind": "error"}])
        assert [each["kind"] for each in stored(1)] == ["error"]

    def test_one_visitor_cannot_open_a_thousand_pages_a_minute(self, send, stored):
        before = dropped("fast")
        agent = {"User-Agent": f"{BROWSER} many"}
        for index in range(150):
            send([{"kind": "view"}], view=f"{index:016x}", headers=agent)
        until(lambda: dropped("fast") >= before + 20, 5, "they are dropped")
        assert len(stored(1)) <= 130


class TestPage:
    def test_of_a_project_that_asks_for_consent_names_where_the_answer_is_kept(
        self, web, tenant, video, told
    ):
        assert told["consent"] is None
        path = f"/api/v1/workspaces/{tenant.project_id}/brand/"
        body = {"consent": "May we count you?"}
        assert web.patch(path, json=body, headers=tenant.headers).status_code == 200
        page = web.get(video["custom_url"]).text
        now = json.loads(html.unescape(COUNTING.search(page)[1]))
        assert now["consent"].startswith("playout-consent-")


def _names(text_, *personal):
    return [each for each in personal if each in text_]


def _written(runtime, part):
    """All rows of analytics, as text, once that part is among them."""
    tables = text(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname LIKE 'analytics%'"
    )

    def read():
        with runtime.database.read_session() as session:
            names = session.scalars(tables).all()
            return repr([session.execute(text(f"SELECT * FROM {name}")).all() for name in names])

    until(lambda: part in read(), 5, "it is written")
    return read()
