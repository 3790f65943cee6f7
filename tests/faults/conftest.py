"""A server of its own for each file of faults: it will not be the same afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.helpers.disks import MIB, NOISY
from tests.helpers.live import Founded, Live, serving
from tests.helpers.live_clips import H264, make_clip


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("faults")) as live:
        yield live


@pytest.fixture(scope="module")
def acme(live: Live) -> Founded:
    return live.found("Acme")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of more than nine mebibytes."""
    clip = tmp_path_factory.mktemp("clips") / "noisy.mp4"
    make_clip(clip, *H264, "-b:v", "60M", seconds=3, **NOISY)
    assert clip.stat().st_size > 9 * MIB
    return clip
