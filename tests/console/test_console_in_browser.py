"""A stranger's way through the console in a real browser: sign in, upload, describe, publish."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.api.helpers.uploads import clip
from tests.helpers.live import Founded, Live, serving

pytestmark = pytest.mark.slow
MAIL = "ada@example.com"
PATIENCE = 60_000


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("console")) as live:
        yield live


@pytest.fixture(scope="module")
def acme(live: Live) -> Founded:
    return live.found("Acme")


@pytest.fixture
def tab(live: Live, acme: Founded) -> Iterator[Page]:
    """A tab in which a member is signed in. An error in its console fails the test."""
    live.told("users", "add", MAIL, "--name", "Ada Lind", "--role", "OrganizationAdmin")
    token = live.told("keys", "create", "--name", "Console", "--user", MAIL)["key"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
        )
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
        page.goto(f"{live.url}/console")
        page.get_by_label("Your token").fill(token)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Videos", exact=True)).to_be_visible()
        yield page
        chromium.close()
    assert complaints == []


def test_from_a_file_to_a_page_that_everybody_can_open(tab: Page, live: Live, tmp_path: Path):
    files = [tmp_path / f"Harbour {number}.mp4" for number in (1, 2)]
    for file in files:
        file.write_bytes(clip())
    tab.get_by_role("link", name="Upload videos").click()
    tab.locator("#files").set_input_files(files)
    expect(tab.get_by_text("Uploaded")).to_have_count(2, timeout=PATIENCE)
    tab.get_by_role("link", name="Harbour 2.mp4").click()
    expect(tab.locator("video.film")).to_be_visible(timeout=PATIENCE)

    tab.get_by_label("Title").fill("Harbour at dusk")
    tab.get_by_label("Who may watch it, once it is published").select_option("public")
    tab.keyboard.press("Control+s")
    expect(tab.get_by_role("status")).to_have_text("Saved.")
    tab.get_by_role("button", name="Publish").click()
    expect(tab.get_by_text("Published", exact=True)).to_be_visible()
    page = tab.get_by_label("Address of the page").input_value()
    with live.client() as public:
        assert "Harbour at dusk" in public.get(page).text

    tab.get_by_text("New link").click()
    tab.get_by_label("For whom").fill("Ada")
    tab.get_by_role("button", name="Create link").dblclick()
    link = tab.get_by_label("Link for Ada")
    expect(link).to_have_count(1)
    with live.client() as public:
        assert public.get(link.input_value()).status_code == 200
    tab.get_by_role("button", name="Revoke").click()
    expect(tab.get_by_text("Revoked", exact=True)).to_be_visible()

    tab.get_by_role("button", name="Unpublish").click()
    expect(tab.get_by_role("status")).to_contain_text("Unpublished")
    with live.client() as public:
        assert public.get(page).status_code == 404


def test_the_keyboard_alone_finds_and_opens_a_video(tab: Page):
    tab.wait_for_load_state("networkidle")
    tab.keyboard.press("/")
    expect(tab.get_by_role("searchbox")).to_be_focused()
    tab.keyboard.type("harbour")
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile("search=harbour"))
    assert tab.locator(".card").count() >= 1
    focused = tab.evaluate_handle("document.activeElement")
    for _ in range(30):
        tab.keyboard.press("Tab")
        focused = tab.evaluate("document.activeElement.className")
        if focused == "card-link":
            break
    assert focused == "card-link"
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Harbour")


def test_a_phone_shows_everything_in_its_width(tab: Page, live: Live):
    tab.set_viewport_size({"width": 390, "height": 844})
    for path in ("videos", "videos/new", "landing"):
        tab.goto(f"{live.url}/console/{path}")
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        small = tab.eval_on_selector_all(
            "a.button, button",
            "all => all.filter(e => e.offsetParent && e.offsetHeight < 24).length",
        )
        assert small == 0, path
