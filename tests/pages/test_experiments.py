"""Experiments on pages: who sees which variant, what is counted, and what a page keeps."""

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
from tests.pages.helpers.share_landing import Landing

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


LOOK = {name: each for name, each in SHORT.items() if name != "key"} | {"cta_color": "#0d4f4a"}


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


@pytest.fixture
def look(web, video):
    """Ask the API for what a page of the video keeps of winners."""

    def look(headers, method, page="watch"):
        path = f"/api/v1/videos/{video['id']}/looks/{page}/"
        return web.request(method, path, headers=headers)

    return look


@pytest.fixture
def links(web, tenant, video):
    """The addresses of twelve guest links of the video."""
    path = f"/api/v1/videos/{video['id']}/links/"
    made = (web.post(path, json={"name": f"{n}"}, headers=tenant.headers) for n in range(12))
    return [each.json()["url"] for each in made]


def begin(ask, **fields):
    body = {"name": "Titles", "goal": "play", "variants": [{"key": "long"}, SHORT], **fields}
    return ask("POST", body=body, status=201)["id"]


def play(web, number, page, *kinds):
    """Send the beacons of a page that somebody sees."""
    told = json.loads(html.unescape(COUNTING.search(page.text)[1]))
    events = [{"kind": kind} for kind in ("view", *kinds)]
    body = {"token": told["token"], "view": f"{number:016x}", "events": events}
    agent = AGENT.format(number, number)
    web.post(told["to"], content=json.dumps(body), headers={"User-Agent": agent})


def result_of(ask, experiment_id, visitors):
    """Return the question for a result with so many visitors."""

    def result():
        found = ask("GET", f"{experiment_id}/result/")
        return sum(each["visitors"] for each in found["variants"]) == visitors and found

    return result


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
            play(web, number, page, *(["play"] if title(page) == "Short" else []))
        result = until(result_of(ask, begun, 40), 10, "all are counted")
        long, short = result["variants"]
        assert (long["visitors"], long["successes"]) == (list(titles.values()).count("Long"), 0)
        assert short["visitors"] == short["successes"]
        assert short["difference"]["estimate"] == 1
        assert not result["ratio_mismatch"]
        with runtime.database.write_session() as session:
            keep_days(session, session.get_one(Experiment, begun), utcnow().date() + timedelta(2))
        assert ask("GET", f"{begun}/result/") == result
        analytics = ask("GET", f"{begun}/variants/short/analytics/")
        assert analytics["totals"]["views"] == short["visitors"]

    def test_that_is_decided_leaves_the_winner_on_the_page(
        self, web, tenant, ask, video, visit, look
    ):
        begun = begin(ask)
        assert title(visit(100, DNT="1")) == "Long"
        ask("POST", f"{begun}/decide/", {"winner": "none"}, 400)
        decided = ask("POST", f"{begun}/decide/", {"winner": "short"})
        assert (decided["state"], decided["winner"]) == ("decided", "short")
        pages = [visit(number) for number in range(100, 110)]
        assert {title(page) for page in pages} == {"Short"}
        assert 'data-start="3"' in pages[0].text
        assert 'href="https://shop.example.com/"' in pages[0].text
        assert "Surrogate-Key" in pages[0].headers
        assert look(tenant.headers, "GET").json() == {
            name: each for name, each in LOOK.items() if name != "title"
        }
        assert look(tenant.headers, "DELETE").status_code == 204
        assert look(tenant.headers, "GET").json() == {}
        assert "https://shop.example.com/" not in visit(100).text
        assert title(visit(100)) == "Short"
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


class TestExperimentOnLinks:
    def test_shows_each_link_one_variant_for_ever_and_counts_it_once(
        self, web, runtime, ask, visit, links, look, tenant
    ):
        begun = begin(ask, page="links")
        agents = [AGENT.format(number, number) for number in (100, 101)]
        pages = {
            url: [web.get(url, headers={"User-Agent": agent}) for agent in agents] for url in links
        }
        titles = {url: title(page) for url, (page, _) in pages.items()}
        assert set(titles.values()) == {"Long", "Short"}
        assert all(title(page) == titles[url] for url, (_, page) in pages.items())
        assert title(visit(100)) == "Long"
        assert all(
            ('href="https://shop.example.com/"' in page.text) == (titles[url] == "Short")
            for url, (page, _) in pages.items()
        )
        short = list(titles.values()).count("Short")
        for place, (url, (page, again)) in enumerate(pages.items()):
            play(web, 100 + place, page)
            play(web, 200 + place, again, *(["play"] if titles[url] == "Short" else []))
        whole = result_of(ask, begun, len(links))

        def played():
            found = whole()
            return found and found["variants"][1]["successes"] == short and found

        result = until(played, 10, "all are counted")
        assert [each["visitors"] for each in result["variants"]] == [len(links) - short, short]
        with runtime.database.write_session() as session:
            keep_days(session, session.get_one(Experiment, begun), utcnow().date() + timedelta(2))
        assert ask("GET", f"{begun}/result/") == result
        ask("POST", f"{begun}/decide/", {"winner": "short"})
        assert {title(web.get(url)) for url in links} == {"Short"}
        assert title(visit(100)) == "Long"
        assert look(tenant.headers, "DELETE", "links").status_code == 204
        assert {title(web.get(url)) for url in links} == {"Long"}


class TestExperimentOnShare:
    def test_shows_variants_and_keeps_the_winner_for_the_share(self, web, tenant, video):
        landing = Landing(web, tenant.headers)
        share = landing.put("PROD", publicTitle="Long")
        base = f"/api/v1/workspaces/{tenant.project_id}/shares/PROD"

        def ask(method, path="", body=None, status=200):
            address = f"{base}/experiments/{path}"
            answer = web.request(method, address, json=body, headers=tenant.headers)
            assert answer.status_code == status, answer.text
            return answer.json() if answer.content else None

        def visit(number):
            return web.get(share["publicUrl"], headers={"User-Agent": AGENT.format(number, number)})

        assert "Surrogate-Key" in visit(1).headers
        begun = begin(ask)
        ask(
            "POST", body={"name": "x", "goal": "cta", "variants": [{"key": "a"}, SHORT]}, status=409
        )
        pages = {number: visit(number) for number in range(100, 120)}
        titles = {number: title(page) for number, page in pages.items()}
        assert set(titles.values()) == {"Long", "Short"}
        assert titles == {number: title(visit(number)) for number in pages}
        for number, page in pages.items():
            assert page.headers["Cache-Control"] == "private, no-cache"
            is_short = titles[number] == "Short"
            assert ('href="https://shop.example.com/"' in page.text) == is_short
            assert ("#0d4f4a" in page.text) == is_short
            play(web, number, page, *(["play"] if is_short else []))
        result = until(result_of(ask, begun, 20), 10, "all are counted")
        assert result["variants"][1]["successes"] == list(titles.values()).count("Short")
        analytics = ask("GET", f"{begun}/variants/short/analytics/")
        assert analytics["totals"]["views"] == result["variants"][1]["visitors"]
        decided = ask("POST", f"{begun}/decide/", {"winner": "short"})
        assert (decided["page"], decided["winner"]) == ("share", "short")
        kept = visit(100)
        assert title(kept) == "Short"
        assert "autoplay muted" in kept.text
        assert f'href="/s/{share["slug"]}/go"' in kept.text
        led = web.get(f"/s/{share['slug']}/go", follow_redirects=False)
        assert led.headers["location"] == "https://shop.example.com/"
        assert web.get(f"{base}/look/", headers=tenant.headers).json() == {
            "cta_color": "#0d4f4a",
            "autoplay": "muted",
            "start_seconds": 3,
        }
        web.delete(f"{base}/look/", headers=tenant.headers)
        assert "autoplay muted" not in visit(100).text
        assert title(visit(100)) == "Short"
