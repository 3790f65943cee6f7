"""Pages of lists of videos, one after the other by cursors, or each by its number."""

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from playout.core.videos.listing import ORDERINGS
from tests.helpers.tenants import bearer

HOST = "http://testserver"


@pytest.fixture
def ask(web, tenant):
    def ask(path: str, key: str = ""):
        return web.get(path.removeprefix(HOST), headers=bearer(key or tenant.key))

    return ask


@pytest.fixture
def seven(make_video) -> list[int]:
    """Seven videos, some of which have the same title."""
    return [make_video(title=f"Title {number % 3}")["id"] for number in range(7)]


def cursor_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["cursor"][0]


class TestCursors:
    @pytest.mark.parametrize("order", ORDERINGS)
    def test_pages_hold_what_one_large_page_holds(self, ask, seven, order):
        whole = ask(f"/api/v1/videos/?ordering={order}").json()
        assert whole["next"] is None
        seen, path = [], f"/api/v1/videos/?ordering={order}&page_size=2"
        while path:
            page = ask(path).json()
            assert page["count"] == 7
            seen += page["results"]
            path = page["next"]
        assert [each["id"] for each in seen] == [each["id"] for each in whole["results"]]

    def test_a_video_created_meanwhile_moves_nothing(self, ask, seven, make_video):
        first = ask("/api/v1/videos/?page_size=2").json()
        make_video()
        second = ask(first["next"]).json()
        ids = [each["id"] for each in (*first["results"], *second["results"])]
        assert ids == sorted(seven, reverse=True)[:4]

    def test_the_page_before_is_found_by_its_number(self, ask, seven):
        first = ask("/api/v1/videos/?page_size=2").json()
        second = ask(first["next"]).json()
        assert first["previous"] is None
        assert "cursor" not in second["previous"]
        assert ask(second["previous"]).json()["results"] == first["results"]

    def test_a_cursor_of_another_order_is_refused(self, ask, seven):
        cursor = cursor_of(ask("/api/v1/videos/?page_size=2&ordering=title").json()["next"])
        answer = ask(f"/api/v1/videos/?ordering=-title&cursor={cursor}")
        assert answer.status_code == 400
        assert "cursor" in answer.json()["errors"]

    @pytest.mark.parametrize(
        "content",
        [
            *("nothing", [], ["title"], ["title", "a", "b"], ["title", 1, 1], ["title", None, 1]),
            *(
                ["title", "a\0", 1],
                ["title", "\ud800", 1],
                ["title", "a", 0],
                ["title", "a", 2**63],
            ),
            *(["title", "a", 1, 1], {"title": 1}, ["title", "a", float("inf")]),
            *(["title", "a", 1.9], ["title", "a", True], ["title", "a", "12"]),
        ],
    )
    def test_a_cursor_that_was_not_given_is_refused(self, ask, content):
        cursor = base64.urlsafe_b64encode(json.dumps(content).encode()).decode()
        assert ask(f"/api/v1/videos/?ordering=title&cursor={cursor}").status_code == 400

    @pytest.mark.parametrize("cursor", ["", "*", "a", "AAAA", "%00"])
    def test_junk_is_refused(self, ask, cursor):
        assert ask(f"/api/v1/videos/?cursor={cursor}").status_code == 400

    def test_cursors_lead_on_after_the_last_page_that_has_a_number(self, ask, seven):
        path = ask("/api/v1/videos/?page_size=2").json()["next"]
        following = ask(path.replace("page=2", "page=10000")).json()["next"]
        assert [each["id"] for each in ask(following).json()["results"]] == seven[2::-1][:2]

    def test_a_cursor_shows_nothing_of_others(self, ask, seven, other_tenant):
        address = ask("/api/v1/videos/?page_size=2").json()["next"]
        answer = ask(address.replace("page=2", "page=1"), other_tenant.key)
        assert answer.json()["results"] == []


class TestCounts:
    @pytest.mark.parametrize("condition", ["status=completed", "visibility=private", "is_draft=1"])
    def test_filters_by_what_is_counted_are_exact(self, ask, seven, condition):
        assert ask(f"/api/v1/videos/?{condition}&page_size=2").json()["count"] == 7

    def test_publishing_moves_a_video_from_one_number_to_another(self, ask, web, tenant, seven):
        web.post(f"/api/v1/videos/{seven[0]}/publish/", headers=tenant.headers)
        counts = [ask(f"/api/v1/videos/?is_draft={n}").json()["count"] for n in (0, 1)]
        assert counts == [1, 6]

    def test_an_exact_number_says_nothing_of_a_bound(self, ask, seven):
        for condition in ("", "search=title", "language=de"):
            assert "count-is-limited" not in ask(f"/api/v1/videos/?{condition}").headers
