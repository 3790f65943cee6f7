"""The room of the audience: its numbers are those of the API, in the days that were asked for."""

import csv
import re
from datetime import date, timedelta
from html import unescape

import pytest

from playout.console.audience.charts import chart
from playout.console.audience.measures import MEASURES, QUALITY, Kind, change, written
from playout.console.audience.retention import retention
from playout.core.analytics.events import Kind as Event
from playout.core.permissions import Role
from playout.kit.clock import utcnow
from tests.core.analytics.helpers.viewings import Viewing, made_up, store
from tests.helpers.tenants import EXTERNAL, bearer, found_tenant

FIRST = date(2019, 3, 4)
DAYS = 6


@pytest.fixture(scope="module")
def watched(web, runtime):
    """A video, a landing page and a guest link that were watched."""
    tenant = found_tenant(runtime)
    body = {"title": "Seen <b>", "workspace": tenant.project_id, "external_url": EXTERNAL}
    video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
    path = f"/api/v1/videos/{video['id']}/links/"
    link = web.post(path, json={"name": "Press"}, headers=tenant.headers).json()
    (project,) = web.get("/api/Projects", headers=tenant.headers).json()
    share = f"/api/Projects/{project['id']}/public-video-shares/DEV"
    assert web.put(share, json={"publicTitle": "Offer"}, headers=tenant.headers).is_success
    subjects = [
        (f"video:{video['id']}", f"project:{tenant.project_id}", f"link:{link['id']}"),
        (f"video:{video['id']}", f"project:{tenant.project_id}", f"share:{tenant.project_id}:DEV"),
    ]
    seen = [made_up(FIRST + timedelta(day), 20, subjects, 900 + day) for day in range(DAYS)]
    store(runtime.database, [each for day in seen for each in day])
    paths = {
        f"/audience/projects/{tenant.project_id}": f"workspaces/{tenant.project_id}",
        f"/audience/projects/{tenant.project_id}/shares/DEV": (
            f"workspaces/{tenant.project_id}/shares/DEV"
        ),
        f"/audience/videos/{video['id']}": f"videos/{video['id']}",
        f"/audience/videos/{video['id']}/links/{link['id']}": (
            f"videos/{video['id']}/links/{link['id']}"
        ),
    }
    return tenant, video, subjects[0], paths


@pytest.fixture
def look(web, watched):
    """Opens a page as a member with a role."""

    def look(path: str, role: Role = Role.ORGANIZATION_ADMIN, status: int = 200) -> str:
        answer = web.get(f"/console{path}", headers=bearer(watched[0].keys[role]))
        assert answer.status_code == status, answer.text
        return answer.text

    return look


def days(**others: str) -> str:
    query = {"from": str(FIRST + timedelta(3)), "to": str(FIRST + timedelta(5))} | others
    return "?" + "&".join(f"{name}={value}" for name, value in query.items())


def totals_of(html: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'<strong class="num">([^<]+)</strong> ', html)]


class TestNumbers:
    def test_of_each_thing_are_those_of_its_api(self, web, watched, look):
        tenant, _, _, paths = watched
        for path, api in paths.items():
            html = look(f"{path}{days()}")
            answer = web.get(f"/api/v1/{api}/analytics/{days()}", headers=tenant.headers).json()
            now, before = answer["totals"], answer["previous"]
            views, visitors = totals_of(html)[:2]
            assert (views, visitors) == (str(now["views"]), str(now["daily_visitors"])), path
            assert now["views"] > 0
            assert f"{before['views']} before" in html
            assert f"/api/v1/{api}/analytics/?from=2019-03-07" in html

    def test_are_a_table_and_retention_is_that_of_the_film(self, look, watched):
        _, video, _, _ = watched
        html = look(f"/audience/videos/{video['id']}{days()}")
        assert len(re.findall(r'<th scope="row">\w{3} \d Mar</th>', html)) == 3
        assert "Who still watches" in html
        assert "Seen &lt;b&gt;" in html
        assert "style=" not in html
        hourly = look(f"/audience/videos/{video['id']}{days(interval='hour', tz='Asia/Kathmandu')}")
        assert len(re.findall(r'<th scope="row">\w{3} \d Mar, \d\d:00</th>', hourly)) == 72

    def test_of_other_measures_have_an_address_each(self, look, watched):
        _, video, _, _ = watched
        for name, measure in MEASURES.items():
            html = look(f"/audience/videos/{video['id']}{days(measure=name)}")
            assert f'<th scope="col" class="num">{measure.label}</th>' in html

    def test_are_exported_as_files(self, web, watched):
        tenant, video, _, _ = watched
        path = f"/console/audience/videos/{video['id']}/export{days()}"
        api = f"/api/v1/videos/{video['id']}/analytics/{days()}"
        told = web.get(api, headers=tenant.headers).json()
        for name, of in (("time", "series"), ("country", "countries"), ("rendition", "renditions")):
            answer = web.get(f"{path}&of={name}", headers=tenant.headers)
            assert answer.headers["content-disposition"].startswith("attachment")
            rows = list(csv.DictReader(answer.text.splitlines()))
            assert [int(each["views"]) for each in rows] == [each["views"] for each in told[of]]
        seconds = web.get(f"{path}&of=retention", headers=tenant.headers).text.splitlines()[1:]
        assert [int(each.split(",")[1]) for each in seconds] == told["retention"]["viewers"]
        assert web.get(f"{path}&of=other", headers=tenant.headers).status_code == 404

    def test_who_watches_now_is_told(self, runtime, look, watched):
        _, video, subjects, _ = watched
        path = f"/audience/videos/{video['id']}"
        assert look(f"{path}/now").strip() == "0"
        playing = Viewing(utcnow(), subjects, 77, 77)
        playing.add(Event.WATCH, 0, from_ms=0, to_ms=9000)
        gone = Viewing(utcnow() - timedelta(minutes=2), subjects, 78, 78)
        gone.add(Event.WATCH, 0, from_ms=0, to_ms=9000)
        store(runtime.database, [playing, gone])
        assert look(f"{path}/now").strip() == "1"


class TestQuestions:
    @pytest.mark.parametrize(
        "query",
        ["from=2019-03-04&to=2019-03-01", "from=x", "tz=Moon", "from=1900-01-01", "tz=%00"],
    )
    def test_wrong_ones_are_told_beside_the_usual_days(self, look, watched, query):
        _, video, _, _ = watched
        html = look(f"/audience/videos/{video['id']}?{query}", status=400)
        assert 'role="alert"' in html

    @pytest.mark.parametrize("query", ["days=0", "days=x", "interval=week", "measure=no", "days="])
    def test_unknown_words_are_left_out(self, look, watched, query):
        _, video, _, _ = watched
        assert "28 days" in look(f"/audience/videos/{video['id']}?{query}")

    def test_years_are_shown_by_week(self, look, watched):
        _, video, _, _ = watched
        html = look(f"/audience/videos/{video['id']}?from=2018-01-01&to=2019-12-31")
        assert len(re.findall(r'<th scope="row">', html)) < 300
        assert "4 Mar – 10 Mar 2019" in html


class TestEmpty:
    def test_says_what_to_do(self, web, runtime, look, watched):
        _, video, _, _ = watched
        html = look(f"/audience/videos/{video['id']}?from=2010-01-01&to=2010-01-02")
        assert "Nobody came in these days" in html
        assert "Open the video" in html

    def test_nothing_of_others_is_shown(self, web, watched, other_tenant):
        for path in watched[3]:
            answer = web.get(f"/console{path}", headers=other_tenant.headers)
            assert answer.status_code == 404, path

    def test_a_sub_account_chooses_a_video(self, web, watched):
        headers = bearer(watched[0].sub_account_key())
        answer = web.get("/console/audience", headers=headers)
        assert answer.status_code == 200
        path = f"/console/audience/projects/{watched[0].project_id}"
        assert web.get(path, headers=headers).status_code in {403, 404}


class TestRoles:
    @pytest.mark.parametrize("role", [each for each in Role if each is not Role.OWNER])
    def test_every_link_of_the_room_opens(self, web, look, watched, role):
        headers = bearer(watched[0].keys[role])
        html = look(f"/audience{days()}", role)
        links = set(re.findall(r'href="/console(/audience[^"]*)"', html))
        assert len(links) > 10
        # Of links that differ in a value alone, such as a country, one stands for all.
        kinds = {re.sub(r"=[^&]*|\d+", "", link): link for link in links}
        for link in kinds.values():
            answer = web.get(f"/console{unescape(link)}", headers=headers)
            assert answer.status_code == 200, (role, link)


class TestWords:
    def test_changes_say_whether_they_are_good(self):
        views, start = MEASURES["views"], QUALITY["start"]
        told = [
            (views, 118, 100, ("up", True, "18 %")),
            (views, 100, 100, ("same", None, "same")),
            (views, 5, 0, None),
            (start, 0.8, 1.0, ("down", True, "0.2 s")),
            (MEASURES["completion"], 0.61, 0.63, ("down", False, "2 pt")),
            (MEASURES["average"], 64.0, 61.0, ("up", True, "0:03")),
            (MEASURES["average"], 64.1, 64.4, ("same", None, "same")),
            (MEASURES["clicks"], None, 0.2, None),
        ]
        for measure, now, before, expected in told:
            found = change(measure, now, before)
            assert (found and (found.sign, found.is_good, found.words)) == expected

    def test_a_number_that_is_missing_leaves_a_gap(self):
        drawn = chart(Kind.SHARE, [0.5, None, 0.25, 0.5])
        assert drawn.line.count("M") == 2
        assert drawn.ticks[0] == "60 %"
        assert chart(Kind.COUNT, [0, 0]).ticks == ["1", "0"]
        assert chart(Kind.COUNT, [742]).ticks == ["800", "600", "400", "200", "0"]
        assert written(Kind.CLOCK, 3725) == "1:02:05"

    def test_what_is_watched_again_is_named(self):
        seconds = [(100, 100)] * 5 + [(80, 80)] * 36 + [(80, 110)] * 4 + [(70, 70)] * 15
        chapters = [{"start": 0.0, "title": "Start"}, {"start": 41.0, "title": "Lights"}]
        found = retention(seconds, 60_000, chapters)
        assert (found.returned_to, found.returned_chapter) == ("0:41 – 0:45", "Lights")
        assert found.leave_early == "20 %"
        assert retention([], 60_000, []) is None
