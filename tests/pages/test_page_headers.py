"""The headers of every public address: what a browser may run, load, send and show there."""

import re
from collections.abc import Mapping

import pytest
from starlette.routing import Route

from playout.pages.static_files import BUILD_DIR, built_path, static_path
from playout.web import application
from tests.helpers.tenants import found_tenant
from tests.pages.helpers.embedding import allow_sites
from tests.pages.helpers.reader import Page
from tests.pages.helpers.share_landing import Landing
from tests.pages.helpers.taking_back import Stage

HASH = r"'sha256-[A-Za-z0-9+/]{43}='"
STYLES = re.compile(rf"'self'(?: {HASH})*")
PAGES = {
    "gallery": "/",
    "search": "/?q=stored",
    "creator": "/creators/{creator}",
    "tag": "/tags/{tag}",
    "watch page": "/v/{watch}",
    "landing page": "/s/{share}",
    "player of a video": "/embed/v/{watch}",
    "player of a landing page": "/embed/s/{share}",
    "guest link": "/l/{link}",
    "form of a guest link": "/l/{closed}",
    "sign-in": "/sign-in",
    "first start": "/first-start",
    "account link": "/join",
    "list of references": "/docs",
    "reference": "/docs/videos",
    "no such video": "/v/nothing",
    "no such landing page": "/s/nothing",
    "no such player": "/embed/v/nothing",
    "no such link": "/l/nothing",
    "no such page": "/nothing",
}
DOCUMENTS = {
    "RSS": "/feed.rss",
    "Atom": "/feed.atom",
    "JSON Feed": "/feed.json",
    "RSS of a creator": "/creators/{creator}/feed.rss",
    "Atom of a creator": "/creators/{creator}/feed.atom",
    "JSON Feed of a creator": "/creators/{creator}/feed.json",
    "RSS of a tag": "/tags/{tag}/feed.rss",
    "Atom of a tag": "/tags/{tag}/feed.atom",
    "JSON Feed of a tag": "/tags/{tag}/feed.json",
    "index of sitemaps": "/sitemap.xml",
    "sitemap": "/sitemap/videos.xml",
    "oEmbed": "/oembed?url=http://testserver/v/{watch}",
    "robots.txt": "/robots.txt",
    "llms.txt": "/llms.txt",
}
FILES = {
    "video": "{media}",
    "element": "/embed.js",
    "script": built_path("player.js"),
    "stylesheet": static_path("share.css"),
    "icon": "/favicon.svg",
    "icon where browsers look": "/favicon.ico",
}
ELSEWHERE = {
    *("/s/{slug}/go", "/sign-out", "/brand/{project}/{fingerprint}/{name}"),
    *("/films/{slug}/poster.png", "/films/{slug}/{version}/{name}", "/sign-in/passkey"),
    *("/films/{slug}/preview.gif", "/s/{slug}/{code}"),
}
"""Redirects, pictures and films, which other tests look at."""
OPEN_TO_SITES = {"player of a video", "player of a landing page", "no such player"}


@pytest.fixture(scope="module")
def names(web, runtime, tmp_path_factory):
    """What stands for the variable parts of the addresses."""
    tenant = found_tenant(runtime)
    landing = Landing(web, tenant.headers)
    stage = Stage(web, runtime, tenant, tmp_path_factory.mktemp("headers"), landing)
    allow_sites(web, tenant, "https://blog.example")
    video = stage.enter(visibility="public")
    stage.publish(video)
    shown = {"session_id": video["session_id"], "tags": ["Winter"], "creator_handle": "nordlys"}
    answer = web.post("/v1/publications/publish", json=shown, headers=tenant.headers)
    assert answer.is_success, answer.text
    page = stage.call("get", video).json()["custom_url"]
    links = [{"name": "Open"}, {"name": "Closed", "password": "secret words"}]
    opened, closed = (stage.call("post", video, "links/", json=each).json() for each in links)
    return {
        "creator": "nordlys",
        "tag": "winter",
        "watch": page.rpartition("/")[2],
        "share": landing.put()["slug"],
        "link": opened["url"].rpartition("/")[2],
        "closed": closed["url"].rpartition("/")[2],
        "media": stage.address(video).removeprefix("http://testserver"),
    }


def policy_of(headers: Mapping[str, str]) -> dict[str, str]:
    directives = (each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
    return dict(directives)


class TestPages:
    @pytest.mark.parametrize("name", PAGES)
    def test_each_runs_its_own_scripts_alone_and_sends_forms_home(self, name, web, names) -> None:
        answer = web.get(PAGES[name].format(**names), headers={"Accept": "text/html"})
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        policy = policy_of(answer.headers)
        assert "unsafe" not in str(policy)
        assert policy["default-src"] == "'none'"
        assert policy["base-uri"] == "'none'"
        assert policy.get("script-src", "'self'") == "'self'"
        assert STYLES.fullmatch(policy["style-src"])
        assert policy["form-action"] in {"'none'", "'self'"}
        is_open = name in OPEN_TO_SITES
        assert is_open is (policy["frame-ancestors"] != "'self'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "camera=()" in answer.headers["permissions-policy"]
        assert "microphone=()" in answer.headers["permissions-policy"]

    @pytest.mark.parametrize("name", PAGES)
    def test_each_has_nothing_that_the_policy_would_stop(self, name, web, names) -> None:
        answer = web.get(PAGES[name].format(**names), headers={"Accept": "text/html"})
        page, policy = Page(answer.text), policy_of(answer.headers)
        for tag, attributes in page.elements:
            assert not [each for each in attributes if each.startswith("on")], (tag, attributes)
            assert "style" not in attributes, (tag, attributes)
            assert not (attributes.get("href") or "").startswith("javascript:")
            if tag == "script" and attributes.get("type") != "application/ld+json":
                assert (attributes["src"] or "").startswith("/static/")
            if tag == "a" and (attributes["href"] or "").startswith("http"):
                assert "noopener" in (attributes.get("rel") or "")
            if tag == "form":
                assert policy["form-action"] == "'self'"
        assert ("<style>" in answer.text) <= ("sha256" in policy["style-src"])


class TestDocumentsAndFiles:
    @pytest.mark.parametrize("name", DOCUMENTS)
    def test_each_document_runs_nothing_and_is_open_to_programs(self, name, web, names) -> None:
        answer = web.get(DOCUMENTS[name].format(**names))
        assert answer.status_code == 200
        assert "script-src" not in policy_of(answer.headers)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["access-control-allow-origin"] == "*"
        etag = answer.headers["etag"]
        again = web.get(DOCUMENTS[name].format(**names), headers={"If-None-Match": etag})
        assert again.status_code == 304

    @pytest.mark.parametrize("name", FILES)
    def test_each_file_is_what_it_says_it_is(self, name, web, names) -> None:
        answer = web.get(FILES[name].format(**names))
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"

    def test_scripts_on_disk_are_those_of_the_build_alone(self) -> None:
        assert list(BUILD_DIR.parent.glob("*.js")) == []


def test_the_table_has_every_public_address(runtime) -> None:
    def shape(path: str) -> str:
        return re.sub(r"\{[^}]*\}", "*", path.partition("?")[0])

    listed = [*PAGES.values(), *DOCUMENTS.values(), "/media/{uid}/{version}/{name}"]
    listed += ["/docs/{api}", "/embed.js", "/static/build/{name}", "/static/{print}/{name}"]
    listed += ["/favicon.svg", "/favicon.ico", *ELSEWHERE]
    served = {
        route.path
        for route in application(runtime).routes
        if isinstance(route, Route) and route.endpoint.__module__.startswith("playout.pages")
    }
    assert {shape(each) for each in served} <= {shape(each) for each in listed}
