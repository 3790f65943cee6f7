"""A stranger's way through the console in a real browser: sign in, upload, describe, publish."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

from tests.api.helpers.uploads import clip
from tests.clients.helpers.node import package
from tests.helpers.live import Founded, Live, serving
from tests.pages.test_accessibility import RUN as AXE

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


def is_error(said: ConsoleMessage) -> bool:
    """Whether a message is an error; browsers also tell of an answer that a clash has."""
    return said.type == "error" and "status of 412" not in said.text


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
        page.on("console", lambda said: complaints.append(said.text) if is_error(said) else 0)
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
    for path in ("videos", "videos/new", "landing", "campaigns"):
        tab.goto(f"{live.url}/console/{path}")
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        small = tab.eval_on_selector_all(
            "a.button, button",
            "all => all.filter(e => e.offsetParent && e.offsetHeight < 24).length",
        )
        assert small == 0, path


def test_a_campaign_is_made_dragged_and_previewed(tab: Page, live: Live, acme: Founded):
    zone = {"timezoneId": "Europe/Berlin"}
    tab.context.new_cdp_session(tab).send("Emulation.setTimezoneOverride", zone)
    tab.get_by_role("link", name="Campaigns").first.click()
    tab.get_by_role("link", name="New production").click()
    tab.get_by_label("Name").fill("Winter ride")
    tab.get_by_role("button", name="Create production").dblclick()
    expect(tab.get_by_role("heading", name="Winter ride")).to_be_visible()
    page = tab.url
    production = page.rpartition("/")[2]
    tab.get_by_role("link", name="New distribution").click()
    tab.get_by_label("Name").fill("Website")
    tab.get_by_role("button", name="Create distribution").click()
    expect(tab.get_by_role("link", name="Website")).to_be_visible()
    tab.get_by_role("link", name="New activation").click()
    tab.get_by_label("Name").fill("Winter")
    tab.get_by_label("Starts").fill("2096-11-13T09:00")
    tab.get_by_label("Ends").fill("2096-11-27T20:00")
    tab.get_by_label("Europe").check()
    tab.get_by_label("And in these countries").fill("us")
    expect(tab.get_by_text("United States")).to_be_visible()
    tab.get_by_label("Web", exact=True).check()
    tab.get_by_role("button", name="Create activation").click()
    expect(tab.get_by_text("13 Nov 2096, 09:00 – 27 Nov 2096, 20:00")).to_be_visible()
    told = tab.get_by_role("status").first

    def stored() -> tuple[str, str]:
        with live.client(acme.key) as client:
            (only,) = client.get(f"/productions/{production}/activations").json()["data"]
            return only["settings"]["startDate"], only["settings"]["endDate"]

    assert stored() == ("2096-11-13T08:00:00Z", "2096-11-27T19:00:00Z")
    bar = tab.get_by_role("link", name=re.compile("^Winter.* Europe, US · Web"))

    def drag(weeks: float) -> None:
        """Drag the bar by its middle, until the server has answered."""
        box = bar.bounding_box()
        lane = tab.locator(".lane-box").bounding_box()
        assert box
        assert lane
        tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
        tab.mouse.down()
        tab.mouse.move(box["x"] + box["width"] / 2 + lane["width"] * weeks / 6, box["y"], steps=5)
        with tab.expect_response(re.compile("/move$")):
            tab.mouse.up()

    drag(1)
    expect(told).to_contain_text("Moved.")
    assert stored() == ("2096-11-20T08:00:00Z", "2096-12-04T19:00:00Z")
    tab.get_by_role("button", name="Undo").click()
    expect(tab.get_by_text("13 Nov 2096, 09:00 – 27 Nov 2096, 20:00")).to_be_visible()

    bar.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("14 Nov 2096, 09:00 – 28 Nov 2096, 20:00")).to_be_visible()
    expect(bar).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Shift+ArrowRight")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("14 Nov 2096, 09:00 – 28 Nov 2096, 21:00")).to_be_visible()

    number = (bar.get_attribute("href") or "").rpartition("/")[2]
    address = f"/productions/{production}/activations/{number}"
    with live.client(acme.key) as client:
        client.patch(address, json={"name": "Winter in the city"})
    drag(1)
    expect(tab.get_by_text("Somebody saved this since you opened it.")).to_be_visible()
    expect(tab.get_by_label("Starts")).to_have_value("2096-11-21T09:00")
    tab.get_by_label("Name").fill("Winter in the city")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("21 Nov 2096, 09:00 – 5 Dec 2096, 21:00")).to_be_visible()
    assert stored() == ("2096-11-21T08:00:00Z", "2096-12-05T20:00:00Z")

    tab.get_by_label("At", exact=True).fill("2096-11-21T09:30")
    tab.get_by_label("In", exact=True).select_option(label="Norway")
    tab.get_by_role("button", name="Preview").click()
    why = tab.locator(".why")
    expect(why).to_contain_text("It runs there, then, and on that device.")
    tab.get_by_label("TV").check()
    tab.get_by_label("At", exact=True).fill("2096-11-21T08:59")
    tab.get_by_role("button", name="Preview").click()
    expect(why).to_contain_text("It begins at 21 Nov 2096, 09:00. It plays only on web")

    axe = (package("axe-core") / "axe.min.js").read_text()
    for path in ("", "/activations/new", "/distributions/new"):
        tab.goto(f"{page}{path}")
        for scheme, width in (("light", 1280), ("dark", 390)):
            tab.emulate_media(color_scheme=scheme)
            tab.set_viewport_size({"width": width, "height": 900})
            tab.evaluate(axe)
            assert tab.evaluate(AXE) == "[]", (path, scheme)
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
