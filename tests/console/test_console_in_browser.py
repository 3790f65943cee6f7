"""A stranger's way through the console in a real browser: sign in, upload, describe, publish."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.api.helpers.uploads import clip
from tests.console.helpers.sign_in import sign_in_by_token
from tests.helpers.axe import find_violations
from tests.helpers.live import Founded, Live, serving

pytestmark = pytest.mark.slow
MAIL = "ada@example.com"
PATIENCE = 60_000
CAPTIONS = b"1\n00:00:00,100 --> 00:00:00,900\nThe tide is low.\n"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("console")) as live:
        yield live


@pytest.fixture(scope="module")
def acme(live: Live) -> Founded:
    return live.found("Acme")


@pytest.fixture(scope="module")
def signed_in(live: Live, acme: Founded) -> Iterator[BrowserContext]:
    """A browser in which a member is signed in."""
    live.told("users", "add", MAIL, "--name", "Ada Lind", "--role", "OrganizationAdmin")
    token = live.told("keys", "create", "--name", "Console", "--user", MAIL)["key"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
        )
        context = chromium.new_context(
            viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(f"{live.url}/console")
        sign_in_by_token(page, token)
        expect(page.get_by_role("heading", name="Videos", exact=True)).to_be_visible()
        page.close()
        yield context
        chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console says of errors."""
    return []


@pytest.fixture
def tab(live: Live, signed_in: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A tab with the list of videos. An error in its console fails the test."""
    page = signed_in.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            complaints.append(f"{said.text} {said.location}") if said.type == "error" else 0
        ),
    )
    page.goto(f"{live.url}/console")
    expect.set_options(timeout=PATIENCE)
    yield page
    expect.set_options(timeout=5_000)
    page.close()
    assert complaints == []


def test_from_a_file_to_a_page_that_everybody_can_open(tab: Page, live: Live, tmp_path: Path):
    files = [tmp_path / f"Harbour {number}.mp4" for number in (1, 2)]
    for file in files:
        file.write_bytes(clip())
    tab.get_by_role("link", name="Upload videos").click()
    tab.locator("#files").set_input_files(files)
    expect(tab.get_by_text("2 of 2 uploaded")).to_be_visible()
    tab.get_by_role("link", name="Harbour 2.mp4").click()
    expect(tab.locator("video.film")).to_be_visible(timeout=PATIENCE)

    tab.get_by_label("Title", exact=True).fill("Harbour at dusk")
    tab.get_by_label("Tags", exact=True).fill("harbour, dusk")
    tab.get_by_role("button", name="Add a chapter here").click()
    tab.get_by_label("Title of the chapter").last.fill("The quay")
    expect(tab.get_by_text("4 changes")).to_be_visible()
    tab.get_by_label("Who may watch it, once it is published").select_option("public")
    tab.keyboard.press("Control+s")
    expect(tab.get_by_role("status").first).to_have_text("Saved.")
    expect(tab.get_by_label("Starts at").first).to_have_value("0:00")
    tab.get_by_label("Time of the picture, in seconds").press("ArrowRight")
    tab.get_by_role("button", name="Use this picture").click()
    expect(tab.get_by_role("button", name="Back to the first poster")).to_be_visible()
    tab.get_by_text("Add a language").click()
    tab.get_by_label("Language of the captions").fill("en")
    tab.locator("input[name=file]").set_input_files(
        {"name": "en.srt", "mimeType": "text/plain", "buffer": CAPTIONS}
    )
    tab.get_by_role("button", name="Add captions").click()
    expect(tab.get_by_role("link", name="Edit English")).to_be_visible()
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

    tab.get_by_text("Replace the film").click()
    tab.locator("#film").set_input_files(files[1])
    expect(tab.locator(".upload")).to_contain_text("Uploaded", timeout=PATIENCE)

    tab.get_by_role("button", name="Unpublish").click()
    expect(tab.get_by_role("status").first).to_contain_text("Unpublished")
    with live.client() as public:
        assert public.get(page).status_code == 404


def test_an_upload_is_paused_and_goes_on_after_a_reload_and_a_restart(
    tab: Page, live: Live, tmp_path: Path, complaints: list[str]
):
    file, padding = tmp_path / "Night shift.mp4", 40_000_000
    file.write_bytes(clip() + padding.to_bytes(4, "big") + b"free" + b"x" * (padding - 8))
    slow = tab.context.new_cdp_session(tab)
    slow.send("Network.enable")
    line = {"offline": False, "latency": 0, "downloadThroughput": -1}

    def limit(bytes_per_second: int) -> None:
        slow.send("Network.emulateNetworkConditions", line | {"uploadThroughput": bytes_per_second})

    limit(1_500_000)
    tab.on("dialog", lambda dialog: dialog.accept())
    row = tab.locator(".upload", has_text="Night shift.mp4")
    sent = row.locator("progress")
    tab.goto(f"{live.url}/console/videos/new")
    tab.locator("#files").set_input_files(file)
    expect(sent).not_to_have_js_property("value", 0)
    row.get_by_role("button", name="Pause").click()
    expect(row).to_contain_text("Paused at")
    row.get_by_role("button", name="Resume").click()
    expect(row).to_contain_text(re.compile(r"[1-9](\.\d)? MB of 40.0 MB"))

    tab.reload()
    expect(row).to_contain_text(re.compile(r"Stopped at \d+ %"))
    tab.locator("#files").set_input_files(file)
    expect(row).to_have_count(1)
    expect(row).to_contain_text(" of 40.0 MB")
    live.kill()
    expect(row).to_contain_text("Connection lost", timeout=PATIENCE)
    limit(-1)
    live.start()
    expect(row).to_contain_text("Uploaded", timeout=PATIENCE)
    expect(row.get_by_role("link")).to_be_visible()
    complaints[:] = [each for each in complaints if "Failed to load resource" not in each]


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
        if focused == "card-link item-link":
            break
    assert focused == "card-link item-link"
    for key in ("x", "j", "Shift+X"):
        tab.keyboard.press(key)
    expect(tab.get_by_text("2 selected")).to_be_visible()
    tab.keyboard.press("p")
    expect(tab.get_by_text("2 videos published.")).to_be_visible()
    tab.keyboard.press("z")
    expect(tab.get_by_text("Undone.")).to_be_visible()
    expect(tab.get_by_text("Draft", exact=True)).to_have_count(2)
    tab.keyboard.press("?")
    expect(tab.get_by_role("dialog", name="Keyboard")).to_be_visible()
    tab.keyboard.press("Escape")
    tab.locator(".pick input").first.click()
    tab.locator(".pick input").last.click(modifiers=["Shift"])
    tab.get_by_text("Tag", exact=True).click()
    tab.get_by_label("Tags", exact=True).fill("coast")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("2 videos tagged.")).to_be_visible()
    tab.keyboard.press("j")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Harbour")


def test_axe_finds_nothing_and_a_phone_shows_everything_in_its_width(tab: Page, live: Live):
    harbour = tab.locator(".card-link", has_text="Harbour at dusk")
    film = harbour.get_attribute("href").removeprefix("/console/")
    for path in (
        "videos",
        "videos?view=lines",
        "videos/new",
        film,
        f"{film}/captions/en",
        "landing",
    ):
        tab.set_viewport_size({"width": 1280, "height": 900})
        tab.goto(f"{live.url}/console/{path}")
        for details in tab.locator("main details").all():
            details.evaluate("each => (each.open = true)")
        for scheme in ("light", "dark"):
            assert find_violations(tab, scheme) == [], (path, scheme)
        tab.set_viewport_size({"width": 390, "height": 844})
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        small = tab.eval_on_selector_all(
            "a.button, button",
            "all => all.filter(e => e.offsetParent && e.offsetHeight < 24).length",
        )
        assert small == 0, path
