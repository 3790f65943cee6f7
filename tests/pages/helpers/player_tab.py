"""A browser tab of a viewer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import ConsoleMessage, Page

from tests.pages.helpers.browser import DESKTOP, resize
from tests.pages.helpers.player_site import Site, until


@dataclass
class Viewer:
    """A new browser profile at the page of a site, with its requests and console errors."""

    site: Site
    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, window: tuple[int, int] = DESKTOP, query: str = "") -> None:
        resize(self.page, window)
        self.page.goto(f"{self.site.url}{query}")
        self.page.locator("media-controller[mediapaused]").wait_for(state="attached")

    def press_play(self) -> None:
        self.page.locator(".first-play").click()
        self.sees_it_run()

    def sees_it_run(self, after: float = 0) -> None:
        until(lambda: self.video("currentTime") > after + 0.3)

    def video(self, what: str) -> Any:
        return self.page.evaluate(f"document.querySelector('video').{what}")

    def asked_for(self, part: str) -> bool:
        return any(part in url for url in self.asked)


@contextmanager
def watching(site: Site, tab: Page, **profile: Any) -> Iterator[Viewer]:
    """A viewer with a new profile. No request may leave the site, and the console may contain no
    errors but those of missing files."""
    assert tab.context.browser is not None
    context = tab.context.browser.new_context(**profile)
    viewer = Viewer(site, context.new_page())

    def hear(said: ConsoleMessage) -> None:
        # A busy machine may need a poster later than the page promised.
        ignored = any(part in said.text for part in ("404", "was preloaded"))
        if said.type in {"error", "warning"} and not ignored:
            viewer.complaints.append(said.text)

    viewer.page.on("console", hear)
    viewer.page.on("pageerror", lambda error: viewer.complaints.append(str(error)))
    viewer.page.on("request", lambda request: viewer.asked.append(request.url))
    yield viewer
    context.close()
    assert not viewer.complaints, viewer.complaints
    assert [url for url in viewer.asked if not url.startswith((site.url, "blob:"))] == []
