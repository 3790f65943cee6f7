"""A browser tab for each file of tests that needs one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, sync_playwright

from playout.runtime import Runtime
from playout.web import application
from tests.pages.helpers import examples
from tests.pages.helpers.browser import DESKTOP, Show, Site, resize
from tests.pages.helpers.loopback import listening
from tests.pages.helpers.player_site import Site as PlayerSite
from tests.pages.helpers.player_site import make_media, serving

NEEDS = ("--no-sandbox", "--disable-background-networking", "--disable-gpu")


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(NEEDS)
        )
        yield chromium.new_page()
        chromium.close()


@pytest.fixture
def show(tab: Page) -> Iterator[Show]:
    """Show a page as the site would. Errors in the browser's console fail the test."""
    site, complaints = Site(), list[str]()

    def hear(said: ConsoleMessage) -> None:
        if "ERR_FAILED" not in said.text:  # the video, if a test has none
            complaints.append(said.text)

    def show(html: str, window: tuple[int, int] = DESKTOP, video: bytes | None = None) -> Page:
        site.html, site.video = html, video
        resize(tab, window)
        tab.goto(f"{examples.SITE}/")
        return tab

    tab.route("**/*", site.answer)
    tab.on("console", hear)
    yield show
    tab.goto("about:blank")  # so that no picture is still loading when the routes are removed
    tab.remove_listener("console", hear)
    tab.unroute("**/*")
    tab.emulate_media(reduced_motion="null", color_scheme="null")
    assert complaints == []


@pytest.fixture(scope="module")
def playout_port(runtime: Runtime) -> Iterator[int]:
    """The port of a server over the runtime of the tests, for browsers."""
    with listening(application(runtime)) as port:
        yield port


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `clip.mp4`, which is 640 pixels wide and 360 high, and `poster.jpg`."""
    folder = tmp_path_factory.mktemp("clip")
    make_media(folder)
    return folder


@pytest.fixture(scope="session")
def player_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlayerSite]:
    """A site on loopback whose page plays a clip."""
    folder = tmp_path_factory.mktemp("media")
    make_media(folder)
    with serving(folder) as site:
        yield site
