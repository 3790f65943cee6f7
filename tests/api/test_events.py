"""The ledger as a list: what it can be asked for, and how it is followed page by page."""

import pytest

from playout.core.ledger import events
from playout.core.ledger.model import Subject
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from tests.helpers.tenants import EXTERNAL, bearer

EVENTS = "/api/v1/events/"


NUMBERED = tuple(f"tests.{number:03}" for number in range(25))


@pytest.fixture(autouse=True)
def declared(monkeypatch) -> None:
    """Declares the types of the events that happen here."""
    for each in ("tests.a", "tests.ab", "tests.b", "testsXa", "tests%a", *NUMBERED):
        monkeypatch.setitem(events.EVENTS, each, "An event of a test.")


@pytest.fixture
def ask(web, tenant):
    def ask(query: str = "", key: str = ""):
        answer = web.get(f"{EVENTS}{query}", headers=bearer(key or tenant.key))
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


@pytest.fixture
def happen(runtime, tenant):
    def happen(*events: str) -> None:
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            for event in events:
                unit.record(event, Subject("test", event[-1], tenant.organization.id))

    return happen


def types(body) -> list[str]:
    return [each["type"] for each in body["results"]]


class TestFilters:
    def test_a_type_is_exact_or_the_beginning_of_several(self, ask, happen):
        happen("tests.a", "tests.ab", "testsXa", "tests%a")
        assert types(ask("?type=tests.a")) == ["tests.a"]
        assert types(ask("?type=tests.a*")) == ["tests.ab", "tests.a"]
        assert types(ask("?type=tests.*")) == ["tests.ab", "tests.a"]
        assert types(ask("?type=tests%25*")) == ["tests%a"]

    def test_a_beginning_of_no_type_has_no_events(self, ask, happen):
        happen("tests.a")
        for query in ("?type=none.*", "?cursor=0-0&type=none.*"):
            assert types(ask(query)) == []

    def test_a_video_has_its_own_events(self, ask, make_video):
        video, _ = make_video(), make_video()
        mine = ask(f"?subject=video:{video['uid']}")
        assert {each["subject"]["id"] for each in mine["results"]} == {video["uid"]}
        assert {"video.created"} <= set(types(mine))
        assert {each["subject"]["type"] for each in ask("?subject=video")["results"]} == {"video"}
        assert ask("?subject=video:none")["results"] == []

    def test_an_actor_has_what_it_did(self, web, ask, tenant, make_video):
        video = make_video(tenant.keys[Role.DEVELOPER])
        (event, *_) = ask(f"?subject=video:{video['uid']}")["results"]
        actor = event["actor"]
        by_it = ask(f"?actor={actor['kind']}:{actor['id']}")["results"]
        assert {each["actor"]["id"] for each in by_it} == {actor["id"]}
        assert "operator" not in {each["actor"]["kind"] for each in ask("?actor=key")["results"]}

    def test_a_workspace_has_its_own(self, ask, happen, make_video, tenant):
        happen("tests.a")
        make_video()
        found = ask(f"?workspace={tenant.project_id}")["results"]
        assert {each["workspace"] for each in found} == {tenant.project_id}

    def test_since_is_in_it_and_until_is_not(self, ask, happen):
        happen("tests.a")
        happen("tests.b")
        at_b, at_a = (each["at"] for each in ask("?type=tests.*")["results"])
        assert types(ask(f"?type=tests.*&since={at_b}")) == ["tests.b"]
        assert types(ask(f"?type=tests.*&until={at_b}")) == ["tests.a"]
        assert types(ask(f"?type=tests.*&since={at_a}&until={at_b}")) == ["tests.a"]

    @pytest.mark.parametrize(
        "query",
        [
            *("since=x", "since=2026-01-01", "since=2026-01-01T00:00:00", "until=1", "since="),
            *("cursor=", "cursor=x", "cursor=1", "cursor=-1-1", "cursor=1-1-1", "cursor=%00"),
            *("cursor=9999999999999999999-1", "cursor=١-١"),
            *("type=%00", "subject=%00", "actor=%00", "workspace=x", "workspace=0"),
            *("type=" + "x" * 101, "subject=" + "x" * 101),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, web, tenant, query):
        for path in (EVENTS, f"{EVENTS}stream/"):
            answer = web.get(f"{path}?seconds=0&{query}", headers=tenant.headers)
            assert answer.status_code == 400, answer.text


class TestCursor:
    def test_all_pages_from_the_beginning_hold_each_event_once_oldest_first(self, ask, happen):
        happen(*NUMBERED)
        seen, body = [], ask("?cursor=0-0&type=tests.*&page_size=10")
        pages = [types(body)]
        while body["next"]:
            body = ask("?" + body["next"].partition("?")[2])
            pages.append(types(body))
        seen = [each for page in pages for each in page]
        assert seen == [*NUMBERED]
        assert [len(page) for page in pages] == [10, 10, 5]
        assert (body["count"], body["previous"]) == (None, None)

    def test_the_cursor_of_a_page_goes_on_after_it(self, ask, happen):
        happen("tests.a")
        first = ask("?type=tests.*")
        assert types(first) == ["tests.a"]
        happen("tests.b")
        second = ask(f"?type=tests.*&cursor={first['cursor']}")
        assert types(second) == ["tests.b"]
        assert types(ask(f"?type=tests.*&cursor={second['cursor']}")) == []

    def test_a_cursor_is_confined_like_the_list(self, web, ask, other_tenant, happen, tenant):
        happen("tests.a")
        assert types(ask("?cursor=0-0&type=tests.*", key=other_tenant.key)) == []
        assert types(ask("?cursor=0-0&type=tests.*", key=tenant.sub_account_key())) == []

    def test_a_cursor_of_another_database_is_found_nowhere(self, web, tenant):
        for path in (EVENTS, f"{EVENTS}stream/"):
            answer = web.get(f"{path}?cursor={'9' * 18}-1", headers=tenant.headers)
            assert answer.status_code == 404

    def test_a_deleted_video_keeps_its_events(self, web, ask, tenant, make_video):
        video = make_video(external_url=EXTERNAL)
        web.delete(f"/api/v1/videos/{video['id']}/", headers=tenant.headers)
        assert types(ask(f"?cursor=0-0&subject=video:{video['uid']}"))[-1] == "video.deleted"
