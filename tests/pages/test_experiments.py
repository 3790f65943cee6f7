"""Experiments on watch pages: who sees which variant, what is counted, and what a page keeps."""

import html
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from playout.core.experiments.counting import keep_days
from playout.core.experiments.jobs import count_days
from playout.core.experiments.model import Experiment
from playout.kit.clock import utcnow
from tests.helpers.live import until

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:{}.0) Gecko/20100101 Firefox/{}.0"
COUNTING = re.compile(r'data-counting="([^"]+)"')
TITLE = re.compile(r"<h1[^>]*>([^<]*)</h1>")
SHORT = {
    "key": "short",
    "title": "Short",
    "cta_label": "Order",
    "cta_url": "https://shop.example.com/",
    "cta_color": "#0D4F4A",
    "autoplay": "muted",
    "start_seconds": 3,
}


@pytest.fixture
def video(web, tenant, make_video):
    made = make_video(visibility="public", title="Long")
    path = f"/api/v1/videos/{made['id']}/publish/"
    return web.post(path, headers=tenant.headers).json()


@pytest.fixture
def ask(web, tenant, video):
    """Ask the API for the experiments of the video."""

    def ask(method, path="", body=None, status=200):
        path = f"/api/v1/videos/{video['id']}/experiments/{path}"
        answer = web.request(method, path, json=body, headers=tenant.headers)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    return ask


@pytest.fixture
def visit(web, video):
    """Open the watch page with one of many browsers."""

    def visit(number, **headers):
        agent = AGENT.format(number, number)
        return web.get(video["custom_url"], headers={"User-Agent": agent} | headers)

    return visit


def begin(ask):
    body = {"name": "Titles", "goal": "play", "variants": [{"key": "long"}, SHORT]}
    return ask("POST", body=body, status=201)["id"]


def title(answer):
    return html.unescape(TITLE.search(answer.text)[1])


class TestExperiment:
    def test_shows_each_visitor_the_same_variant_and_counts_it(self, web, runtime, ask, visit):
        assert "Surrogate-Key" in visit(1).headers
        begun = begin(ask)
        ask(
            "POST",
            body={"name": "x", "goal": "cta", "variants": [{"key": "a"}, {"key": "b"}]},
            status=409,
        )
        pages = {number: visit(number) for number in range(100, 140)}
        titles = {number: title(page) for number, page in pages.items()}
        assert set(titles.values()) == {"Long", "Short"}
        assert titles == {number: title(visit(number)) for number in pages}
        for page in pages.values():
            assert page.headers["Cache-Control"] == "private, no-cache"
            assert "Surrogate-Key" not in page.headers
            assert ("autoplay muted" in page.text) == (title(page) == "Short")
            assert ('href="https://shop.example.com/"' in page.text) == (title(page) == "Short")
        uncounted = {title(visit(number, DNT="1")) for number in pages}
        assert uncounted == {"Long"}
        assert title(web.get(pages[100].url, headers={"User-Agent": "Googlebot/2.1"})) == "Long"
        for number, page in pages.items():
            told = json.loads(html.unescape(COUNTING.search(page.text)[1]))
            events = [{"kind": "view"}, *([{"kind": "play"}] if title(page) == "Short" else [])]
            body = {"token": told["token"], "view": f"{number:016x}", "events": events}
            agent = AGENT.format(number, number)
            web.post(told["to"], content=json.dumps(body), headers={"User-Agent": agent})

        def counted():
            result = ask("GET", f"{begun}/result/")
            return sum(each["units"] for each in result["variants"]) == 40 and result

        result = until(counted, 10, "all are counted")
        long, short = result["variants"]
        assert (long["units"], long["successes"]) == (list(titles.values()).count("Long"), 0)
        assert short["units"] == short["successes"]
        assert short["difference"]["estimate"] == 1
        assert not result["ratio_mismatch"]
        with runtime.database.write_session() as session:
            keep_days(session, session.get_one(Experiment, begun), utcnow().date() + timedelta(2))
        assert ask("GET", f"{begun}/result/") == result
        analytics = ask("GET", f"{begun}/variants/short/analytics/")
        assert analytics["totals"]["views"] == short["units"]

    def test_that_is_decided_leaves_the_winner_on_the_page(self, web, tenant, ask, video, visit):
        begun = begin(ask)
        assert title(visit(100, DNT="1")) == "Long"
        ask("POST", f"{begun}/decide/", {"winner": "none"}, 400)
        decided = ask("POST", f"{begun}/decide/", {"winner": "short"})
        assert (decided["state"], decided["winner"]) == ("decided", "short")
        pages = [visit(number) for number in range(100, 110)]
        assert {title(page) for page in pages} == {"Short"}
        assert 'data-start="3"' in pages[0].text
        assert "Surrogate-Key" in pages[0].headers
        path = f"/api/v1/videos/{video['id']}/"
        assert web.get(path, headers=tenant.headers).json()["title"] == "Short"
        ask("POST", f"{begun}/decide/", {"winner": "long"}, 409)

    def test_the_job_counts_the_days_that_are_over(self, runtime, ask):
        begun, today = begin(ask), utcnow().date()
        old = {"created_at": utcnow() - timedelta(2)}
        with runtime.database.write_session() as session:
            session.execute(update(Experiment).where(Experiment.id == begun).values(old))
        for _ in range(2):
            count_days.function(runtime)
            with runtime.database.read_session() as session:
                through = session.get_one(Experiment, begun).counted_through
            assert through == today - timedelta(1)

    def test_that_is_stopped_leaves_the_page_as_it_was(self, ask, visit):
        begun = begin(ask)
        ask("DELETE", f"{begun}/", status=204)
        assert {title(visit(number)) for number in range(100, 110)} == {"Long"}
        assert ask("GET")["results"][0]["state"] == "stopped"
