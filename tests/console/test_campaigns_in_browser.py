"""The main way through the room of campaigns in a real browser, by mouse and by keys."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

from tests.console.helpers.sign_in import sign_in_by_token
from tests.helpers.axe import find_violations
from tests.helpers.live import Founded, Live, serving

pytestmark = pytest.mark.slow
MAIL = "ada@example.com"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("campaigns")) as live:
        yield live


@pytest.fixture(scope="module")
def acme(live: Live) -> Founded:
    return live.found("Acme")


def is_error(said: ConsoleMessage) -> bool:
    """Whether a message is an error; browsers also tell of an answer that a clash has."""
    return said.type == "error" and "status of 412" not in said.text


@pytest.fixture
def tab(live: Live, acme: Founded) -> Iterator[Page]:
    """A tab in Berlin, in which a member is signed in. An error in its console fails the test."""
    live.told("users", "add", MAIL, "--name", "Ada Lind", "--role", "OrganizationAdmin")
    token = live.told("keys", "create", "--name", "Console", "--user", MAIL)["key"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
        )
        page = chromium.new_page(
            viewport={"width": 1280, "height": 900}, timezone_id="Europe/Berlin"
        )
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(f"{said.text} {said.location}") if is_error(said) else 0,
        )
        page.goto(f"{live.url}/console/campaigns")
        sign_in_by_token(page, token)
        expect(page.get_by_role("heading", name="Campaigns", exact=True)).to_be_visible()
        yield page
        chromium.close()
    assert complaints == []


def test_a_campaign_is_made_dragged_and_previewed(tab: Page, live: Live, acme: Founded):
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
        bar.scroll_into_view_if_needed()
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

    for path in ("/..", "", "/activations/new", "/distributions/new"):
        tab.goto(f"{page}{path}")
        for scheme, width in (("light", 1280), ("dark", 390)):
            tab.set_viewport_size({"width": width, "height": 900})
            assert find_violations(tab, scheme) == [], (path, scheme)
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
