"""The player counts what a viewer does, and nothing of somebody who does not want it."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.pages.helpers.player_site import SECONDS, Site, until
from tests.pages.helpers.player_tab import Viewer, watching

TOLD = {"to": "/e", "token": "signed", "consent": None}
ASKED = TOLD | {"consent": "playout-consent-7"}
AGREE = "localStorage.setItem('playout-consent-7', 'yes')"
REFUSE = "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})"


@pytest.fixture
def viewer(player_site: Site, tab: Page) -> Iterator[Viewer]:
    player_site.shows(hls="hls/master.m3u8", counting=json.dumps(TOLD))
    with watching(player_site, tab) as viewer:
        yield viewer


def played(site: Site) -> dict[int, int]:
    """How often the middle of each second was played."""
    watched = [each for each in site.counted if each["kind"] == "watch"]
    return dict(
        Counter(
            second
            for each in watched
            for second in range(SECONDS)
            if each["from"] <= second * 1000 + 500 < each["to"]
        )
    )


def kinds(site: Site) -> list[str]:
    """What was counted besides the seconds, and the waits of a busy machine."""
    return [each["kind"] for each in site.counted if each["kind"] not in ("watch", "wait")]


class TestCounting:
    def test_exactly_the_seconds_that_are_seen(self, player_site: Site, viewer: Viewer) -> None:
        viewer.open()
        viewer.press_play()
        until(lambda: viewer.video("currentTime") > 2.8)
        viewer.video("currentTime = 8")
        until(lambda: viewer.video("currentTime") > 9.8)
        viewer.video("currentTime = 1")  # watches again
        until(lambda: 2.8 < viewer.video("currentTime") < 8)
        viewer.page.goto("about:blank")
        until(lambda: played(player_site).get(2) == 2)
        assert played(player_site) == {0: 1, 1: 2, 2: 2, 8: 1, 9: 1}
        assert Counter(kinds(player_site)) == {"view": 1, "play": 1, "start": 1}
        assert len({each["view"] for each in player_site.beacons}) == 1
        heights = {each.get("height") for each in player_site.counted if each["kind"] == "watch"}
        assert heights - {None}, "the first seconds may be told before a rendition is known"
        assert heights <= {180, 360, None}

    def test_the_end_of_the_mp4_without_streams(self, player_site: Site, viewer: Viewer) -> None:
        player_site.shows(counting=json.dumps(TOLD))
        viewer.open()
        viewer.press_play()
        viewer.video("currentTime = 9.8")
        until(lambda: "complete" in kinds(player_site))
        assert {10, 11} <= played(player_site).keys()

    def test_an_error_only_when_nothing_plays(self, player_site: Site, viewer: Viewer) -> None:
        # The first time, the answer is there before the script, and then the script before it.
        for _ in range(3):
            player_site.shows(counting=json.dumps(TOLD))
            player_site.html = player_site.html.replace("clip.mp4", "missing.mp4")
            viewer.open()
            until(lambda: "error" in kinds(player_site))
            assert kinds(player_site) == ["view", "error"]

    def test_nothing_before_consent_and_all_of_it_after(
        self, player_site: Site, viewer: Viewer
    ) -> None:
        player_site.shows(counting=json.dumps(ASKED))
        viewer.open()
        viewer.press_play()
        viewer.sees_it_run(1.5)
        assert player_site.beacons == []
        viewer.page.evaluate(
            "document.dispatchEvent(new CustomEvent('playout-consent', {detail: 'yes'}))"
        )
        until(lambda: player_site.counted)
        assert kinds(player_site) == ["view", "play"]
        viewer.page.evaluate(AGREE)
        player_site.beacons.clear()
        viewer.open()
        until(lambda: "view" in kinds(player_site))

    def test_nobody_who_asks_not_to_be_counted(self, player_site: Site, viewer: Viewer) -> None:
        viewer.page.add_init_script(REFUSE)
        viewer.open()
        viewer.press_play()
        viewer.sees_it_run(1.5)
        viewer.page.goto("about:blank")
        viewer.open()
        assert player_site.beacons == []
