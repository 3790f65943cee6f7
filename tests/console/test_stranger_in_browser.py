"""A stranger's way in a real browser: from the first link to a video that is revoked again, without
a terminal; and the ways in of others: an invitation, a passkey."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.api.helpers.uploads import clip
from tests.console.helpers.stranger import Hand, Keys, too_small
from tests.helpers.live import PLAIN, Live, free_port, serving
from tests.pages.helpers.host_site import HostSite, host_site

pytestmark = pytest.mark.slow
PASSWORD = "seven quiet harbours"
PATIENCE = 60_000
PHONE = {"width": 390, "height": 844}
GREEN = "#0a5c36"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
"""What a person has: views of programs are not counted."""
NO_CLIPBOARD = "delete Navigator.prototype.clipboard"
"""What pages without https have."""
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server under a name, because browsers make no passkeys for addresses."""
    port = free_port()
    settings = {"PLAYOUT_PUBLIC_URL": f"http://localhost:{port}"}
    with serving(tmp_path_factory.mktemp("stranger"), port=port, settings=settings) as live:
        yield live


@pytest.fixture(scope="module")
def site() -> Iterator[HostSite]:
    """A site of somebody else, at another origin than Playout."""
    with host_site() as site:
        yield site


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
        )
        expect.set_options(timeout=PATIENCE)
        yield chromium
        expect.set_options(timeout=5_000)
        chromium.close()


@pytest.fixture(scope="module")
def ada(live: Live, chromium: Browser) -> Iterator[Hand]:
    """The first administrator, who has just come in by the link of the first start."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    hand = Hand(context.new_page())
    tab = hand.page
    with hand.task("come in"):
        tab.goto(re.search(r"http\S+/first-start\?code=[\w.-]+", live.said(20_000))[0])
        hand.type(tab.get_by_label("Organization"), "Harbour Films")
        hand.type(tab.get_by_label("Your name"), "Ada Lind")
        hand.type(tab.get_by_label("Your e-mail address"), "ada@example.com")
        hand.type(tab.get_by_label("Your password"), PASSWORD)
        hand.press(tab.get_by_role("button", name="Create organization"))
        expect(tab.get_by_role("heading", name="Videos", exact=True)).to_be_visible()
    yield hand
    context.close()


def test_a_video_goes_out_and_comes_back_by_mouse_by_keys_and_on_a_phone(
    ada: Hand, chromium: Browser, site: HostSite, tmp_path: Path
):
    complaints: list[str] = []
    listen(ada.page, complaints)
    files = [tmp_path / name for name in ("Harbour at dusk.mp4", "Quay.mp4")]
    for file in files:
        file.write_bytes(clip())
    by_mouse(ada, chromium, site, files[0])
    signed_in = {"base_url": ada.page.url, "storage_state": ada.page.context.storage_state()}
    keys = chromium.new_context(viewport={"width": 1280, "height": 900}, **signed_in).new_page()
    listen(keys, complaints)
    by_keys(keys, files[1])
    phone = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, **signed_in)
    tab = phone.new_page()
    listen(tab, complaints)
    on_a_phone(tab)
    assert complaints == []


def listen(tab: Page, complaints: list[str]) -> None:
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on(
        "console",
        lambda said: (
            complaints.append(f"{said.text} {said.location}") if said.type == "error" else 0
        ),
    )


def by_mouse(hand: Hand, chromium: Browser, site: HostSite, file: Path) -> None:
    tab = hand.page
    with hand.task("upload"):
        hand.press(tab.get_by_role("link", name="Upload the first one"))
        expect(tab.get_by_text("Choose files")).to_be_visible()
        hand.choose(tab.locator("#files"), file)
        expect(tab.get_by_text("Open a video below to describe and publish it.")).to_be_visible()
        expect(tab.locator(".upload")).to_contain_text("Draft")
        hand.press(tab.get_by_role("link", name=file.name))
        expect(tab.locator("video.film")).to_be_visible()

    visitor = chromium.new_page(user_agent=BROWSER)
    with hand.task("publish"):
        hand.press(tab.get_by_role("button", name="Publish"))
        address = tab.get_by_label("Address of the page").input_value()
        visitor.goto(address)
        expect(visitor.get_by_text("This video isn’t here")).to_be_visible()
        expect(tab.get_by_text("only its owner and administrators can open it")).to_be_visible()
        hand.press(tab.get_by_role("button", name="Let everybody watch"))
        expect(tab.get_by_role("status").first).to_have_text("Everybody can watch it from now on.")
        with httpx2.Client(verify=PLAIN) as anybody:
            assert file.stem in anybody.get(address).text

    with hand.task("brand"):
        hand.press(tab.get_by_role("link", name="Landing pages"))
        hand.press(tab.get_by_role("link", name="Brand"))
        hand.type(tab.get_by_label("Name", exact=True), "Harbour")
        hand.type(tab.get_by_role("textbox", name="Main colour", exact=True), GREEN)
        hand.press(tab.get_by_role("button", name="Save brand"))
        expect(tab.get_by_role("status").first).to_contain_text("Saved.")

    frame = visitor.frame_locator("iframe")
    with hand.task("embed"):
        hand.press(tab.get_by_role("link", name="Videos"))
        hand.press(tab.get_by_role("link", name=file.stem))
        hand.press(tab.get_by_text("Sites that may show it"))
        hand.type(tab.get_by_label("Sites, one on each line"), site.origin())
        hand.press(tab.get_by_role("button", name="Save sites"))
        embed = tab.get_by_role("region", name="Embed")
        hand.press(embed.get_by_role("button", name="Copy"))
        expect(embed.get_by_role("button", name="Copied")).to_be_visible()
        site.html = tab.evaluate("navigator.clipboard.readText()")

    with hand.task("measure"):
        hand.press(tab.locator(".crumbs").get_by_role("link", name="Audience"))
        expect(tab.get_by_role("heading", name="Nobody came in these days")).to_be_visible()
        visitor.goto(site.origin())
        frame.locator(".first-play").click()
        expect(frame.locator("video")).not_to_have_js_property("currentTime", 0)
        expect(tab.get_by_role("link", name="Views")).to_contain_text("1")

    with hand.task("revoke"):
        hand.press(tab.get_by_role("link", name="Open the video"))
        hand.press(tab.get_by_role("button", name="Unpublish"))
        expect(tab.get_by_role("status").first).to_contain_text("Nobody can open its page any more")
        visitor.goto(site.origin())
        expect(frame.get_by_text("This video isn’t here")).to_be_visible()
        visitor.goto(address)
        expect(visitor.get_by_text("This video isn’t here")).to_be_visible()


def by_keys(tab: Page, file: Path) -> None:
    """Upload, publish and unpublish by Tab and Enter alone; the focus stays where it was."""
    tab.add_init_script(NO_CLIPBOARD)
    keys = Keys(tab)
    tab.goto("/console")
    keys.press(tab.get_by_role("link", name="Skip to content"), most=1)
    keys.press(tab.get_by_role("link", name="Upload videos"), most=1)
    expect(tab.get_by_text("Choose files")).to_be_visible()
    keys.press(tab.get_by_role("link", name="Skip to content"), most=1)
    keys.reach(tab.locator("#files"))
    tab.locator("#files").set_input_files(file)
    expect(tab.locator(".upload")).to_contain_text("Draft")
    keys.press(tab.get_by_role("link", name=file.name), most=5)
    expect(tab.locator("video.film")).to_be_visible()
    keys.press(tab.get_by_role("link", name="Skip to content"), most=1)
    keys.press(tab.get_by_role("button", name="Publish"))
    keys.is_at(tab.get_by_role("button", name="Let everybody watch"))
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("status").first).to_have_text("Everybody can watch it from now on.")
    side = tab.get_by_role("complementary", name="Film and access")
    address = side.get_by_label("Address of the page")
    side.get_by_role("button", name="Copy").focus()
    tab.keyboard.press("Enter")
    keys.is_at(side.get_by_role("button", name="Copied"))
    keys.reach(tab.get_by_label("Description"), "Shift+Tab")
    tab.keyboard.press("Control+v")
    expect(tab.get_by_label("Description")).to_have_value(address.input_value())
    tab.keyboard.press("Control+s")
    expect(tab.get_by_role("status").first).to_have_text("Saved.")
    keys.is_at(tab.get_by_label("Description"))
    keys.reach(tab.get_by_role("button", name="Unpublish"), "Shift+Tab")
    tab.keyboard.press("Space")
    keys.is_at(tab.get_by_role("button", name="Publish"))

    tab.goto("/console/landing")
    edit = tab.locator("#DEV-edit > summary")
    keys.press(edit)
    keys.reach(tab.get_by_role("region", name="DEV").get_by_label("Title", exact=True))
    tab.keyboard.type("Harbour")
    tab.keyboard.press("Enter")
    expect(tab.get_by_label("Address of DEV")).to_be_visible()
    keys.is_at(edit)


def on_a_phone(tab: Page) -> None:
    """Publish and unpublish by touch."""
    hand = Hand(tab, touches=True)

    def fits() -> None:
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab.url
        assert too_small(tab) == [], tab.url

    tab.goto("/console")
    fits()
    with hand.task("publish"):
        hand.press(tab.get_by_role("link", name="Harbour at dusk"))
        expect(tab.get_by_role("heading", name="Harbour at dusk")).to_be_visible()
        fits()
        hand.press(tab.get_by_role("button", name="Publish"))
        expect(tab.get_by_text("Published", exact=True)).to_be_visible()
        fits()
    with hand.task("revoke"):
        hand.press(tab.get_by_role("button", name="Unpublish"))
        expect(tab.get_by_text("Draft", exact=True)).to_be_visible()
        fits()


def test_an_invitation_and_a_passkey_are_other_ways_in(ada: Hand, live: Live, chromium: Browser):
    state = ada.page.context.storage_state()
    context = chromium.new_context(viewport=PHONE, storage_state=state)
    tab = context.new_page()
    complaints: list[str] = []
    listen(tab, complaints)
    tab.goto(f"{live.settings['PLAYOUT_PUBLIC_URL']}/console")
    tab.get_by_role("link", name="More").click()
    tab.get_by_role("link", name="Organization").click()
    tab.get_by_label("E-mail address").fill("noor@example.com")
    tab.get_by_role("button", name="Invite").dblclick()
    link = tab.get_by_label("Link for noor@example.com").input_value()
    expect(tab.get_by_text("noor@example.com")).to_have_count(2)  # the link, and one invitation
    _joins(context, link)

    passkeys = context.new_cdp_session(tab)
    passkeys.send("WebAuthn.enable")
    passkeys.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    tab.get_by_role("link", name="More").click()
    tab.get_by_role("link", name="Your account").click()
    tab.get_by_label("Name").fill("Phone")
    tab.get_by_role("button", name="Add a passkey").click()
    expect(tab.get_by_role("status")).to_contain_text("Added")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    _sign_out(tab)

    tab.goto(f"{live.settings['PLAYOUT_PUBLIC_URL']}/sign-in?next=/console/account")
    tab.get_by_role("button", name="Sign in with a passkey").click()
    expect(tab.get_by_text("last used")).to_be_visible()
    tab.get_by_role("button", name="Remove Phone").click()
    expect(tab.get_by_role("button", name="Remove Phone")).to_have_count(0)
    _sign_out(tab)
    tab.goto(f"{live.settings['PLAYOUT_PUBLIC_URL']}/sign-in")
    expect(tab.get_by_label("Password")).to_be_visible()
    expect(tab.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    assert complaints == []


def _joins(context: BrowserContext, link: str) -> None:
    """Somebody else, in a browser of their own, accepts the invitation by the keyboard alone."""
    other = context.browser.new_page()
    other.goto(link)
    other.get_by_label("Your name").focus()
    other.keyboard.type("Noor")
    other.keyboard.press("Tab")
    other.keyboard.type(PASSWORD)
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="Videos", exact=True)).to_be_visible()
    expect(other.get_by_text("Viewer")).to_be_visible()


def _sign_out(tab: Page) -> None:
    tab.get_by_role("link", name="More").click()
    tab.get_by_role("button", name="Sign out").click()
    tab.wait_for_url(re.compile(r"/$"))
