"""Analytics in the Videos API, beside an oracle that counts by itself."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

import pytest

from playout.core.analytics.events import Kind
from playout.core.analytics.jobs import count_day
from playout.core.analytics.writing import create_partition
from tests.core.analytics.helpers.viewings import Oracle, Viewing, made_up, store
from tests.helpers.tenants import EXTERNAL, found_tenant

FIRST = date(2020, 10, 22)
DAYS = 8
"""The clocks of Berlin go back on the fourth day. The last two days are not counted yet."""


@pytest.fixture(scope="module")
def watched(web, runtime):
    """A video and the viewings of some days, most of which are counted."""
    tenant = found_tenant(runtime)
    body = {"title": "Seen", "workspace": tenant.project_id, "external_url": EXTERNAL}
    video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
    subjects = [(f"video:{video['id']}", f"project:{tenant.project_id}")]
    viewings = [
        viewing
        for day in range(DAYS)
        for viewing in made_up(FIRST + timedelta(day), 60, subjects, 100 + day)
    ]
    store(runtime.database, viewings)
    for day in range(DAYS - 2):
        with runtime.database.write_session() as session:
            count_day(session, FIRST + timedelta(day))
    return tenant, video, viewings


@pytest.fixture
def ask(web, watched):
    """Ask for the analytics of the video, or of what the path says."""
    tenant, video, _ = watched

    def ask(path=None, status=200, **query):
        path = path or f"/api/v1/videos/{video['id']}/analytics/"
        query = {name.removesuffix("_"): value for name, value in query.items()}
        answer = web.get(path, params=query, headers=tenant.headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return ask


def span_of(zone, first, last):
    moments = (first, last + timedelta(1))
    return [datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) for day in moments]


def same(numbers, totals):
    return (
        numbers["views"] == totals.get("views", 0)
        and numbers["plays"] == totals.get("plays", 0)
        and numbers["daily_visitors"] == totals["visitors"]
        and numbers["completions"] == totals.get("completes", 0)
        and numbers["cta_clicks"] == totals.get("cta_clicks", 0)
        and round(numbers["watch_seconds"] * 1000) == totals.get("watched_ms", 0)
    )


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"])
class TestNumbers:
    def test_of_whole_days_and_of_the_period_before_are_those_of_the_oracle(
        self, watched, ask, zone
    ):
        _, video, viewings = watched
        first, last = FIRST + timedelta(2), FIRST + timedelta(6)
        answer = ask(from_=first, to=last, tz=zone)
        subject = f"video:{video['id']}"
        oracle = Oracle(viewings, subject, *span_of(zone, first, last))
        before = Oracle(
            viewings, subject, *span_of(zone, first - timedelta(5), first - timedelta(1))
        )
        assert same(answer["totals"], oracle.totals)
        assert same(answer["previous"], before.totals)
        countries = {each["value"]: each["views"] for each in answer["countries"]}
        assert countries == oracle.views_by("country")
        viewers, plays = oracle.seconds
        retention = answer["retention"]
        assert {k: v for k, v in enumerate(retention["viewers"]) if v} == viewers
        assert {k: v for k, v in enumerate(retention["plays"]) if v} == plays

    @pytest.mark.parametrize("interval", ["day", "hour"])
    def test_of_parts_add_up_and_each_begins_when_the_clock_says(
        self, watched, ask, zone, interval
    ):
        answer = ask(from_=FIRST, to=FIRST + timedelta(DAYS), tz=zone, interval=interval)
        series = answer["series"]
        for name in ("views", "plays", "daily_visitors", "completions"):
            assert sum(each[name] for each in series) == answer["totals"][name]
        starts = [datetime.fromisoformat(each["at"]) for each in series]
        assert all(each.minute == 0 for each in starts)
        start, end = span_of(zone, FIRST, FIRST + timedelta(DAYS))
        hours = (end.astimezone(UTC) - start.astimezone(UTC)) / timedelta(hours=1)
        assert len(series) == (hours if interval == "hour" else DAYS + 1)
        assert len({each.astimezone(UTC) for each in starts}) == len(series)


class TestSeries:
    def test_has_the_hour_that_a_clock_repeats_twice(self, ask):
        answer = ask(from_="2020-10-25", to="2020-10-25", tz="Europe/Berlin", interval="hour")
        hours = [each["at"] for each in answer["series"]]
        assert len(hours) == 25
        assert "2020-10-25T02:00:00+02:00" in hours
        assert "2020-10-25T02:00:00+01:00" in hours

    def test_of_a_day_that_becomes_counted_stays_the_same(self, runtime, ask):
        day = FIRST + timedelta(DAYS - 1)
        before = ask(from_=FIRST, to=day)
        with runtime.database.write_session() as session:
            count_day(session, day)
        assert ask(from_=FIRST, to=day) == before


class TestWorkspace:
    def test_has_the_numbers_of_its_videos_and_no_retention(self, watched, ask):
        tenant, _, _ = watched
        last = FIRST + timedelta(DAYS)
        of_video = ask(from_=FIRST, to=last)
        path = f"/api/v1/workspaces/{tenant.project_id}/analytics/"
        of_workspace = ask(path, from_=FIRST, to=last)
        assert of_workspace["totals"] == of_video["totals"]
        assert of_workspace["retention"] == {"viewers": [], "plays": []}


class TestTable:
    """The same answer as CSV and as JSON lines."""

    @pytest.mark.parametrize(
        ("query", "accept"),
        [
            ({"format": "jsonl"}, "*/*"),
            ({}, "application/x-ndjson"),
            ({}, "application/jsonl;q=0.9, */*;q=0.1"),
        ],
    )
    def test_of_lines_has_all_of_the_answer(self, web, watched, ask, query, accept):
        tenant, video, _ = watched
        span = {"from": FIRST, "to": FIRST + timedelta(DAYS), "tz": "Europe/Berlin"}
        whole = ask(**span)
        path, headers = f"/api/v1/videos/{video['id']}/analytics/", {"Accept": accept}
        answer = web.get(path, params=span | query, headers=tenant.headers | headers)
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        rows = [json.loads(line) for line in answer.text.splitlines()]
        of = {
            part: [{k: v for k, v in row.items() if k != "part"} for row in rows]
            for part, rows in groupby(rows, itemgetter("part"))
        }
        assert of["totals"] == [{"value": None, **whole["totals"]}]
        assert of["previous"] == [{"value": None, **whole["previous"]}]
        assert [{"at": row.pop("value"), **row} for row in of["series"]] == whole["series"]
        assert of["countries"] == whole["countries"]
        assert of["renditions"] == whole["renditions"]
        assert [row["views"] for row in of["retention"]] == whole["retention"]["viewers"]
        assert [row["plays"] for row in of["retention"]] == whole["retention"]["plays"]

    def test_of_cells_is_read_by_a_spreadsheet_and_runs_nothing(self, runtime, web, tenant):
        body = {"title": "Seen", "workspace": tenant.project_id, "external_url": EXTERNAL}
        video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
        viewing = Viewing(datetime(2020, 1, 6, 12, tzinfo=UTC), [f"video:{video['id']}"], 1, 1)
        viewing.add(Kind.VIEW, 0, referrer="=1+1")
        viewing.add(Kind.WATCH, 1, from_ms=0, to_ms=2000, referrer="=1+1")
        store(runtime.database, [viewing])
        query = {"from": "2020-01-06", "to": "2020-01-06", "format": "csv"}
        path = f"/api/v1/videos/{video['id']}/analytics/"
        answer = web.get(path, params=query, headers=tenant.headers)
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert 'filename="analytics-2020-01-06-2020-01-06.csv"' in str(answer.headers)
        rows = list(csv.DictReader(StringIO(answer.text)))
        assert [row["part"] for row in rows[:2]] == ["totals", "previous"]
        assert (rows[0]["views"], rows[0]["watch_seconds"]) == ("1", "2.0")
        [referrer] = [row for row in rows if row["part"] == "referrers"]
        assert referrer["value"] == "'=1+1"
        retention = [row for row in rows if row["part"] == "retention"]
        assert [(row["value"], row["views"]) for row in retention] == [("0", "1"), ("1", "1")]


class TestAverages:
    def test_say_what_their_names_say(self, runtime, web, tenant, make_video):
        video = make_video()
        at = datetime(2020, 1, 5, 12, tzinfo=UTC)
        viewing = Viewing(at, [f"video:{video['id']}"], 1, 1)
        for kind, said in [
            (Kind.VIEW, {}),
            (Kind.PLAY, {}),
            (Kind.START, {"ms": 400}),
            (Kind.WATCH, {"from_ms": 0, "to_ms": 9000}),
            (Kind.WAIT, {"ms": 1000}),
        ]:
            viewing.add(kind, 1, **said)
        other = Viewing(at, [f"video:{video['id']}"], 2, 2)
        other.add(Kind.VIEW, 0)
        store(runtime.database, [viewing, other])
        path = f"/api/v1/videos/{video['id']}/analytics/"
        query = {"from": "2020-01-05", "to": "2020-01-05"}
        totals = web.get(path, params=query, headers=tenant.headers).json()["totals"]
        assert totals == {
            "views": 2,
            "plays": 1,
            "daily_visitors": 2,
            "watch_seconds": 9.0,
            "average_view_seconds": 9.0,
            "completions": 0,
            "completion_rate": 0.0,
            "cta_clicks": 0,
            "cta_rate": 0.0,
            "errors": 0,
            "start_seconds": 0.4,
            "rebuffering_ratio": 0.1,
        }

    def test_are_null_where_nothing_happened(self, web, tenant, make_video):
        path = f"/api/v1/videos/{make_video()['id']}/analytics/"
        totals = web.get(path, headers=tenant.headers).json()["totals"]
        assert totals["views"] == 0
        assert totals["completion_rate"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"tz": "Europe/Atlantis"}, "tz"),
        ({"tz": "../../etc/passwd"}, "tz"),
        ({"from": "2020-02-02", "to": "2020-02-01"}, "from"),
        ({"from": "2010-02-02", "to": "2020-02-01"}, "from"),
        ({"from": "2020-01-01", "to": "2020-12-01", "interval": "hour"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"to": "9999-12-31"}, "from"),
        ({"interval": "week"}, "interval"),
        ({"from": "yesterday"}, "from"),
    ],
)
class TestQuestion:
    def test_that_makes_no_sense_is_a_400_that_names_the_parameter(
        self, web, watched, query, field
    ):
        tenant, video, _ = watched
        path = f"/api/v1/videos/{video['id']}/analytics/"
        answer = web.get(path, params=query, headers=tenant.headers)
        assert answer.status_code == 400, answer.text
        assert field in answer.json()["errors"]


class TestPartitions:
    def test_many_processes_create_one_of_a_day(self, runtime):
        for _ in range(2):
            with runtime.database.write_session() as session:
                create_partition(session, date(2018, 3, 3))
