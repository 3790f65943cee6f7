"""A stranger's way in, in a real browser: from the first link to a passkey, without a terminal."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.helpers.live import Live, free_port, serving

pytestmark = pytest.mark.slow
PASSWORD = "seven quiet harbours"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """A server under a name, because browsers make no passkeys for addresses."""
    port = free_port()
    settings = {"PLAYOUT_PUBLIC_URL": f"http://localhost:{port}"}
    with serving(tmp_path, port=port, settings=settings) as live:
        yield live


@pytest.fixture
def context() -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium.new_context(viewport={"width": 390, "height": 844})
        chromium.close()


def test_from_the_first_link_to_an_invitation_and_a_passkey(live: Live, context: BrowserContext):
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(re.search(r"http\S+/first-start\?code=[\w.-]+", live.said(20_000))[0])
    tab.get_by_label("Organization").fill("Harbour Films")
    tab.get_by_label("Your name").fill("Ada Lind")
    tab.get_by_label("Your e-mail address").fill("ada@example.com")
    tab.get_by_label("Your password").fill(PASSWORD)
    tab.get_by_role("button", name="Create organization").click()
    expect(tab.get_by_role("heading", name="Videos", exact=True)).to_be_visible()

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
