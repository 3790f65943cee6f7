"""The reference pages of the four APIs, with and without JavaScript."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route
from starlette.testclient import TestClient

from tests.pages.helpers import examples
from tests.pages.helpers.browser import DESKTOP, PHONE, fits, resize
from tests.pages.helpers.player_site import until
from tests.pages.helpers.reader import Page as Html

DOCUMENTS = {
    "publications": "/v1/openapi.json",
    "videos": "/api/v1/openapi.json",
    "shares": "/api/openapi.json",
    "productions": "/openapi.json",
}


@dataclass
class Origin:
    """The answers of the site to a browser. Requests to other sites are recorded and refused."""

    web: TestClient
    foreign: list[str] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if f"{url.scheme}://{url.netloc}" != examples.SITE:
            self.foreign.append(route.request.url)
            route.abort()
            return
        answer = self.web.get(url.path)
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)


@pytest.fixture
def origin(web: TestClient, tab: Page) -> Iterator[Origin]:
    """The site in the tab. Errors in the browser's console fail the test."""
    origin, complaints = Origin(web), list[str]()

    def hear(said) -> None:
        if said.type in {"error", "warning"}:
            complaints.append(said.text)

    def fail(error) -> None:
        complaints.append(str(error))

    tab.route("**/*", origin.answer)
    tab.on("console", hear)
    tab.on("pageerror", fail)
    yield origin
    tab.goto("about:blank")
    tab.remove_listener("console", hear)
    tab.remove_listener("pageerror", fail)
    tab.unroute("**/*")
    tab.emulate_media(color_scheme="null")
    assert complaints == []


def opened(tab: Page, api: str, window: tuple[int, int] = DESKTOP) -> Page:
    """Open the page, and wait until it shows the operations."""
    resize(tab, window)
    tab.goto(f"{examples.SITE}/docs/{api}")
    tab.locator(".opblock").first.wait_for()
    return tab


class TestInABrowser:
    @pytest.mark.parametrize("api", DOCUMENTS)
    def test_every_operation_is_shown_and_no_request_leaves_the_origin(self, web, tab, origin, api):
        page = opened(tab, api)
        paths = web.get(DOCUMENTS[api]).json()["paths"].values()
        assert page.locator(".opblock").count() == sum(len(each) for each in paths)
        page.locator(".opblock-summary-control").first.click()
        page.locator(".responses-wrapper").first.wait_for()
        assert origin.foreign == []

    def test_it_fits_a_phone_and_its_text_follows_the_color_scheme(self, tab, origin):
        page = opened(tab, "publications", PHONE)
        page.locator(".opblock-summary-control").nth(1).click()
        page.locator(".responses-wrapper").first.wait_for()
        assert fits(page)
        ink = "getComputedStyle(document.querySelector('.opblock-tag')).color.match(/\\d+/)[0]"
        for scheme, least, most in (("light", 0, 90), ("dark", 180, 255)):
            tab.emulate_media(color_scheme=scheme)  # the text changes its colour slowly
            until(lambda least=least, most=most: least <= int(page.evaluate(ink)) <= most)


class TestWithoutJavaScript:
    @pytest.mark.parametrize(("api", "document"), DOCUMENTS.items())
    def test_it_has_the_purpose_of_the_api_and_a_link_to_its_document(self, web, api, document):
        answer = web.get(f"/docs/{api}")
        page = Html(answer.text)
        assert page.texts["h1"] == f"{api.capitalize()} API"
        assert page.all("a", href=document)
        assert page.all("noscript")
        assert web.get(document).json()["openapi"].startswith("3.1")

    def test_the_index_links_to_each_and_the_footer_to_the_index(self, web):
        index = Html(web.get("/docs").text)
        for api, document in DOCUMENTS.items():
            assert index.all("a", href=f"/docs/{api}")
            assert index.all("a", href=document)
        assert Html(web.get("/").text).all("a", href="/docs")

    def test_an_unknown_api_has_no_page(self, web):
        assert web.get("/docs/nothing").status_code == 404


class TestBuiltFiles:
    def test_scripts_come_from_this_site_alone(self, web):
        policy = web.get("/docs/videos").headers["content-security-policy"]
        assert "default-src 'none'; style-src 'self';" in policy
        assert "script-src 'self';" in f"{policy};"
        assert "unsafe" not in policy
        assert "script-src" not in web.get("/").headers["content-security-policy"]

    def test_files_are_cached_for_ever_under_names_with_a_hash(self, web):
        page = Html(web.get("/docs/videos").text)
        (script,) = page.all("script", type="module")
        assert script["src"].startswith("/static/build/reference-")
        answer = web.get(script["src"])
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]

    @pytest.mark.parametrize("name", ["reference.js", "manifest.json", "..%2Fsite.css", "x"])
    def test_nothing_else_is_served_from_there(self, web, name):
        assert web.get(f"/static/build/{name}").status_code == 404
