"""A process that renders is killed in the middle of a segment that somebody watches."""

import contextlib
from collections.abc import Iterator

import httpx2
import numpy as np
import psutil
import pytest

from tests.faults.helpers.films import WITH_BASES, Films, films_of, renderers_of
from tests.helpers.live import Live, serving
from tests.helpers.live_clips import ffmpeg
from tests.transcode.helpers.personal import FILM, packet_times, pictures

pytestmark = pytest.mark.slow

PICTURES = 180
TRIES = 9
"""Segments in which a kill may come too late, on a machine with much else to do."""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("rendering"), settings=dict(WITH_BASES)) as live:
        yield live


@pytest.fixture(scope="module")
def films(live: Live, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Films]:
    clip = tmp_path_factory.mktemp("clips") / "film.mp4"
    ffmpeg(*FILM, clip)
    acme = live.found("Acme")
    with live.client(acme.key) as client:
        yield films_of(live, client, acme.project, clip)


def assert_whole(films: Films, name: str) -> None:
    """Nothing half-written is stored, and a film with that name has all pictures, drawn over."""
    film = films.viewer(name).play()
    times = sorted(shown for shown, _ in packet_times(film))
    assert len(times) == PICTURES
    assert set(np.diff(times)) == {times[1] - times[0]}
    other = pictures(films.viewer("Nobody").play())
    same = [np.array_equal(a, b) for a, b in zip(pictures(film), other, strict=True)]
    assert all(same[:30] + same[75:])
    assert not any(same[30:75])
    assert films.half_written() == []


class TestKilledWhileRendering:
    def test_a_reader_gets_the_segment_when_it_asks_again(self, films: Films) -> None:
        for number in range(TRIES):
            viewer = films.viewer(f"Bea {number}")
            url = viewer.url(viewer.rendered()[0])
            with films.client.stream("GET", url) as answer:
                pieces = answer.iter_raw()
                if answer.headers.get("Playout-Segment") != "rendered":
                    continue
                next(pieces)
                for renderer in renderers_of(films.live.pid):
                    with contextlib.suppress(psutil.NoSuchProcess):  # ended with the one before
                        renderer.kill()
                try:
                    list(pieces)
                except httpx2.RemoteProtocolError:
                    break
        else:
            pytest.fail("each kill came too late")
        assert_whole(films, f"Bea {number}")
