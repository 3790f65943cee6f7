"""`playout publish FILE` ends with a link, and what is behind it plays in a browser."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.helpers.live import Founded, Live, playout, until
from tests.helpers.live_clips import OPUS, VP9, make_clip, turn

pytestmark = pytest.mark.slow

NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""
PLAY = """async (video) => { video.muted = true; await video.play(); }"""
TIME = "(video) => video.currentTime"
FACTS = """({videoWidth, videoHeight, duration, error}) =>
  ({size: [videoWidth, videoHeight], duration, error: error && error.message})"""


@dataclass(frozen=True)
class Kind:
    """A kind of file, how to make one, and the picture that a viewer has to see."""

    name: str
    make: Callable[[Path], Path]
    size: tuple[int, int] = (320, 180)


def _turned(target: Path) -> Path:
    return turn(make_clip(target.with_stem("level")), target, 90)


KINDS = [
    Kind("h264.mp4", make_clip),
    Kind("h264.mov", make_clip),
    Kind("h264.mkv", make_clip),
    Kind("vp9.webm", lambda target: make_clip(target, *VP9, *OPUS)),
    Kind("vertical.mp4", lambda target: make_clip(target, size="180x320"), (180, 320)),
    Kind("silent.mp4", lambda target: make_clip(target, sound=False)),
    Kind("turned.mp4", _turned, (180, 320)),
]


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
        until(lambda: video.evaluate(TIME) > 0.5, 15, "half a second played")
        self.complaints += self.page.evaluate("window.violations")
        facts: dict[str, Any] = video.evaluate(FACTS)
        return facts


@pytest.fixture
def tab(chromium: Browser) -> Any:
    page = chromium.new_page()
    page.add_init_script(NOTE_VIOLATIONS)
    tab = Tab(page, [])

    def hear(said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            tab.complaints.append(said.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    yield tab
    page.close()


@pytest.mark.slow
class TestPublishedFile:
    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
    def test_plays_upright_on_the_page_that_the_link_leads_to(
        self, live: Live, acme: Founded, tab: Tab, tmp_path: Path, kind: Kind
    ) -> None:
        file = kind.make(tmp_path / kind.name)
        done = playout("publish", file, PLAYOUT_URL=live.url, PLAYOUT_KEY=acme.key)
        assert done.returncode == 0, done.stderr
        [link] = done.stdout.split()
        assert link.startswith(f"{live.url}/v/")
        facts = tab.play(link)
        assert facts["error"] is None
        assert tuple(facts["size"]) == kind.size
        assert facts["duration"] == pytest.approx(2.5, abs=0.2)
        assert tab.complaints == []
