"""`playout publish FILE` ends with a link, and what is behind it plays in a browser."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.clients.helpers.viewer_tab import opened_tab
from tests.helpers.live import Founded, Live, playout
from tests.helpers.live_clips import make_clip, turn

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Kind:
    """A kind of file, how to make one, and the picture that a viewer has to see."""

    name: str
    make: Callable[[Path], Path]
    size: tuple[int, int]


def _turned(target: Path) -> Path:
    return turn(make_clip(target.with_stem("level")), target, 90)


KINDS = [Kind("h264.mp4", make_clip, (320, 180)), Kind("turned.mov", _turned, (180, 320))]
"""One that is copied, and one that is encoded. The command does not tell more kinds apart; those
that the server tells apart are in `test_sources_play`."""


class TestPublishedFile:
    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
    def test_plays_upright_on_the_page_that_the_link_leads_to(
        self, live: Live, acme: Founded, chromium: Browser, tmp_path: Path, kind: Kind
    ) -> None:
        file = kind.make(tmp_path / kind.name)
        done = playout("publish", file, PLAYOUT_URL=live.url, PLAYOUT_KEY=acme.key)
        assert done.returncode == 0, done.stderr
        [link] = done.stdout.split()
        assert link.startswith(f"{live.url}/v/")
        with opened_tab(chromium) as tab:
            facts = tab.play(link)
        assert facts["error"] is None
        assert tuple(facts["size"]) == kind.size
        assert facts["duration"] == pytest.approx(2.5, abs=0.2)
        assert tab.complaints == []
