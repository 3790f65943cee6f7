"""Experiments in the console: begun, followed in plain words, decided, stopped."""

import re
from html import unescape

import pytest

from playout.console.audience.verdicts import arms, summary
from playout.core.experiments.model import Experiment
from playout.core.experiments.service import Result
from playout.core.experiments.statistics import Counted, difference, ratio_p_value
from playout.core.permissions import Role
from playout.kit.clock import utcnow
from tests.api.helpers.recipients import with_share
from tests.api.helpers.templates_client import Templates
from tests.helpers.tenants import bearer


@pytest.fixture
def templates(web, tenant, make_video) -> Templates:
    (project,) = web.get("/api/Projects", headers=tenant.headers).json()
    return Templates(web, tenant, project["id"], make_video()["uid"])


def result_of(*counted: tuple[int, int]) -> Result:
    parts = {"abc"[number]: Counted(*each) for number, each in enumerate(counted)}
    first, *others = parts
    differences = {key: difference(parts[first], parts[key], len(others)) for key in others}
    ratio = ratio_p_value([each.visitors for each in parts.values()], [1] * len(parts))
    return Result(parts, {first: None, **differences}, ratio)


def at(answer) -> str:
    """The path of the page that a form led to, below that of the console."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/console")


class TestWords:
    @pytest.mark.parametrize(
        ("counted", "whole", "of_b"),
        [
            ([(0, 0), (0, 0)], "Too early to say.", "Too early to say: too few"),
            ([(50, 10), (52, 14)], "Too early to say.", "Too early to say"),
            ([(4000, 1000), (4010, 1400)], "b does better.", "Does better"),
            ([(4000, 1400), (4010, 1000)], "best as it is", "Does worse"),
            ([(4000, 1000), (2000, 900)], "not divided as asked", "Means nothing"),
        ],
    )
    def test_a_result_is_a_sentence(self, counted, whole, of_b):
        result = result_of(*counted)
        assert whole in summary(Experiment(), result)
        _, b = arms(result)
        assert b.verdict.startswith(of_b)

    def test_the_end_of_an_experiment_is_said_before_its_numbers(self):
        result = result_of((4000, 1000), (4010, 1400))
        assert "keeps b" in summary(Experiment(ended_at=utcnow(), winner="b"), result)
        assert "without a winner" in summary(Experiment(ended_at=utcnow()), result)

    def test_bars_hold_their_interval_and_zero_is_in_the_middle(self):
        _, b, c = arms(result_of((4000, 1000), (4010, 1400), (4020, 700)))
        for arm, is_after in ((b, True), (c, False)):
            start, width, mark = arm.bar
            assert 0 <= start < mark < start + width <= 100
            assert (start > 50) is is_after
            assert (start + width < 50) is not is_after


class TestRoom:
    def test_one_is_begun_followed_and_decided(self, web, tenant, look, send, make_video):
        video = make_video()
        path = f"/audience/videos/{video['id']}/experiments"
        assert "Nothing was tried yet" in look(path)
        sent = {"name": "Shorter title", "goal": "play", "title_b": "Spring", "weight_b": "2"}
        for wrong, told in (
            ({"title_b": ""}, "Change something"),
            ({"weight_b": "0"}, "Write a whole number"),
            ({"weight_b": "0000000019999"}, "Write a whole number"),
            ({"cta_label_b": "Buy"}, "needs both"),
            ({"poster_b": "ftp://example.com/a"}, "begins with https://"),
            ({"goal": "sell"}, "Choose one"),
        ):
            refused = send(path, **(sent | wrong))
            assert refused.status_code == 400
            assert told in refused.text
            assert 'value="Shorter title"' in refused.text
        made = send(path, **sent)
        assert made.status_code == 303, made.text
        page = made.headers["location"].removeprefix("/console")
        shown = unescape(re.sub(r"<[^>]+>", "", look(page)))
        assert "Too early to say" in shown
        assert "Title: Spring" in shown
        (listed,) = web.get(
            f"/api/v1/videos/{video['id']}/experiments/", headers=tenant.headers
        ).json()["results"]
        assert [(each["key"], each["weight"]) for each in listed["variants"]] == [
            ("as-it-is", 1),
            ("b", 2),
        ]
        assert send(path, **sent).status_code in {400, 409}  # another one runs
        assert "Keep the winner" not in look(page, Role.DEVELOPER)
        assert send(f"{page}/decide", Role.DEVELOPER, winner="b").status_code == 403
        stale = send(f"{page}/decide", winner="b", etag='"0"')
        assert stale.status_code == 412
        assert send(f"{page}/decide", winner="b").status_code == 303
        assert "the page keeps b" in look(page)
        assert look(f"/videos/{video['id']}").count("Spring")
        assert "Keep the winner" not in look(page)

    def test_one_is_stopped_and_those_of_others_are_not_found(
        self, web, tenant, other_tenant, look, send, make_video
    ):
        video = make_video()
        path = f"/audience/videos/{video['id']}/experiments"
        page = send(path, name="A", goal="cta", start_b="12").headers["location"]
        page = page.removeprefix("/console")
        assert send(f"{page}/stop").status_code == 303
        assert "without a winner" in look(page)
        for address in (path, page):
            found = web.get(f"/console{address}", headers=bearer(other_tenant.key))
            assert found.status_code == 404

    def test_one_on_guest_links_runs_beside_one_on_the_watch_page(
        self, web, tenant, look, send, make_video
    ):
        video = make_video()
        path = f"/audience/videos/{video['id']}/experiments"
        links = f"/api/v1/videos/{video['id']}/links/"
        link = web.post(links, json={"name": "Press"}, headers=tenant.headers).json()
        assert f"{path}?page=links" in look(f"/audience/videos/{video['id']}/links/{link['id']}")
        assert '<option value="links" selected>' in look(f"{path}?page=links")
        assert send(path, name="A", goal="play", title_b="B", page="share").status_code == 400
        on_links = send(path, name="A", goal="play", title_b="B", page="links")
        assert "The pages of all guest links keep" in look(at(on_links))
        assert send(path, name="C", goal="play", title_b="D").status_code == 303
        shown = look(path)
        assert (shown.count("Decide or stop</a>"), "New experiment" in shown) == (2, False)
        assert send(f"{at(on_links)}/decide", winner="b").status_code == 303
        kept = web.get(f"/api/v1/videos/{video['id']}/looks/links/", headers=tenant.headers)
        assert kept.json()["title"] == "B"

    def test_one_on_a_landing_page_changes_it_when_it_is_decided(
        self, web, tenant, other_tenant, look, send, templates
    ):
        templates.publish("DEV", templates.create())
        with_share(templates)
        above = f"/audience/projects/{tenant.project_id}/shares/DEV"
        path = f"{above}/experiments"
        assert path in look(f"/landing/{templates.project_id}")
        assert path in look(above)
        assert send(path, Role.DEVELOPER, name="A", goal="cta", title_b="B").status_code == 403
        page = at(send(path, name="A", goal="cta", title_b="Spring offer"))
        assert "Too early to say" in look(page)
        found = web.get(f"/console{page}", headers=bearer(other_tenant.key))
        assert found.status_code == 404
        assert send(f"{page}/decide", winner="b").status_code == 303
        assert "Spring offer" in look(f"/landing/{templates.project_id}")
