"""Sources made by chance: whatever their container, codecs, rate, size or lengths, all are right.

`PLAYOUT_TEST_SOURCES` is how many there are, and `PLAYOUT_TEST_SEED` which ones.
"""

import os
from collections.abc import Iterator
from random import Random

import httpx2
import pytest

from tests.clients.helpers.any_source import AnySource, random_source
from tests.clients.helpers.entered import published_videos
from tests.clients.helpers.source_oracle import faults_of
from tests.helpers.live import Live, serving

pytestmark = pytest.mark.slow
COUNT = int(os.environ.get("PLAYOUT_TEST_SOURCES", "5"))
SEED = int(os.environ.get("PLAYOUT_TEST_SEED", "1"))
SETTINGS = {"PLAYOUT_LADDER_CONCURRENCY": "2", "PLAYOUT_ENCODER_PRESET": "ultrafast"}
SECONDS_EACH = 60.0


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("any"), settings=SETTINGS) as live:
        yield live


class TestAnySource:
    def test_covers_its_time_in_aligned_renditions_that_tell_their_colours(
        self, live: Live, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        acme, chance = live.found("Acme"), Random(SEED)
        sources: dict[str, AnySource] = {}
        for number in range(COUNT):
            source = random_source(chance)
            sources[f"{number}.{source.container}"] = source
        makers = {name: source.make for name, source in sources.items()}
        folder = tmp_path_factory.mktemp("clips")
        with live.client(acme.key) as client:
            videos = published_videos(live, acme, client, makers, folder, COUNT * SECONDS_EACH)
            faults = _faults(client, sources, videos)
        assert not faults, faults


def _faults(
    client: httpx2.Client, sources: dict[str, AnySource], videos: dict[str, dict[str, object]]
) -> dict[str, list[str]]:
    found = {}
    for name, source in sources.items():
        faults = faults_of(client, source, str(videos[name]["hls_url"]))
        if faults:
            found[f"{name} {source}"] = faults
    return found
