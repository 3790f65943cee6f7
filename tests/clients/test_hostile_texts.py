"""Texts that try to run a script run none, on any page; and every feed still parses."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import extruct
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page

from tests.clients.helpers.hostile_texts import hostile_texts, landing_pages, publish_everywhere
from tests.clients.helpers.page_readers import check_sitemap, read_feed
from tests.helpers.live import Founded, Live, serving

pytestmark = pytest.mark.slow
REPORT = "addEventListener('securitypolicyviolation', (e) => console.error('CSP', e.blockedURI))"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("hostile")) as live:
        yield live


@pytest.fixture(scope="module")
def acme(live: Live) -> Founded:
    return live.found("Acme")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    found = hostile_texts()
    assert len(found) >= 200
    return found


@pytest.fixture(scope="module")
def slugs(live: Live, acme: Founded, texts: list[str]) -> list[str]:
    with live.client(acme.key) as client:
        return publish_everywhere(client, acme.project, texts)


@contextmanager
def watched(live: Live, browser: Browser) -> Iterator[Page]:
    """A tab in which no dialog may open, no policy may be broken, and nothing foreign be asked."""
    page, complaints = browser.new_page(), list[str]()

    def hear(said: ConsoleMessage) -> None:
        if "CSP" in said.text or "Content Security Policy" in said.text:
            complaints.append(said.text)

    def dismiss(dialog: Dialog) -> None:
        complaints.append(dialog.message)
        dialog.dismiss()

    page.add_init_script(REPORT)
    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", hear)
    block(page, "https://*")  # the file of an external video
    yield page
    page.close()
    assert complaints == []


def block(page: Page, *urls: str) -> None:
    """Load nothing of these addresses from now on; routes would load each style anew as well."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setBlockedURLs", {"urls": list(urls)})


def without_player(page: Page) -> None:
    """Load no player from now on, either: it takes most of the time of a page."""
    block(page, "https://*", "*/static/build/player-*")


class TestFeeds:
    def test_each_parses_with_every_text(self, live: Live, slugs: list[str]) -> None:
        with live.client() as public:
            for path in ("/feed.rss", "/feed.atom"):
                entries, address = 0, path
                while address:
                    feed = read_feed(public.get(address).content)
                    entries += len(feed.entries)
                    following = [each.href for each in feed.feed.links if each.rel == "next"]
                    address = following[0].removeprefix(live.url) if following else None
                assert entries == len(slugs)
            check_sitemap(public.get("/sitemap/videos.xml").content)
            items, address = [], "/feed.json"
            while address:
                read = json.loads(public.get(address).content)
                items += read["items"]
                address = read.get("next_url", "").removeprefix(live.url)
            assert len(items) == len(slugs)

    def test_structured_data_parses_and_keeps_each_title(
        self, live: Live, slugs: list[str]
    ) -> None:
        with live.client() as public:
            for slug in slugs:
                html = public.get(f"/v/{slug}").text
                found = extruct.extract(html, syntaxes=["json-ld"], errors="strict")
                (video,) = found["json-ld"]
                assert video["@type"] == "VideoObject"
                assert len(video["name"]) > 10


class TestBrowser:
    def test_no_script_runs_on_gallery_watch_and_embed_pages(
        self, live: Live, acme: Founded, slugs: list[str], chromium: Browser
    ) -> None:
        with watched(live, chromium) as page:
            address = live.url
            while address:
                page.goto(address)
                following = page.locator("a[rel=next]")
                address = following.get_attribute("href") if following.count() else None
                address = address and f"{live.url}{address}"
            for slug in slugs[::12]:
                page.goto(f"{live.url}/embed/v/{slug}")
                page.goto(f"{live.url}/v/{slug}")
            without_player(page)
            for slug in slugs:
                page.goto(f"{live.url}/v/{slug}", wait_until="domcontentloaded")

    def test_no_script_runs_on_landing_pages(
        self, live: Live, acme: Founded, texts: list[str], slugs: list[str], chromium: Browser
    ) -> None:
        with watched(live, chromium) as page, live.client(acme.key) as client:
            without_player(page)
            for slug in landing_pages(client, acme, texts):
                answer = page.goto(f"{live.url}/s/{slug}", wait_until="domcontentloaded")
                assert answer is not None
                assert answer.status == 200
