"""A tab that plays published videos, and what the browser complains about in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.helpers.live import until

NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""
PLAY = """async (video) => { video.muted = true; await video.play(); }"""
TIME = "(video) => video.currentTime"
FACTS = """({videoWidth, videoHeight, duration, error}) =>
  ({size: [videoWidth, videoHeight], duration, error: error && error.message})"""


@dataclass
class Tab:
    """A tab of a fresh profile, and what the browser complained about in it."""

    page: Page
    complaints: list[str]

    def play(self, link: str) -> dict[str, Any]:
        """Open the page, play its video without sound, and return the video's facts."""
        self.page.goto(link)
        video = self.page.locator("video")
        video.evaluate(PLAY)
        # Asked from here: the policy of the page lets no predicate be evaluated inside.
        until(lambda: video.evaluate(TIME) > 0.3, 60, "something played")
        self.complaints += self.page.evaluate("window.violations")
        facts: dict[str, Any] = video.evaluate(FACTS)
        return facts


@contextmanager
def opened_tab(chromium: Browser) -> Iterator[Tab]:
    """Open a tab, and close it again."""
    page = chromium.new_page()
    page.add_init_script(NOTE_VIOLATIONS)
    tab = Tab(page, [])

    def hear(said: ConsoleMessage) -> None:
        # A busy machine may need a poster later than the page promised.
        if said.type in {"error", "warning"} and "was preloaded" not in said.text:
            tab.complaints.append(said.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    yield tab
    page.close()
