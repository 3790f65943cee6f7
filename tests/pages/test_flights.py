"""Segments that are being rendered, as viewers wait for them."""

import asyncio

import pytest

from playout.pages.playback import flights
from playout.pages.playback.flights import Flight
from playout.pages.playback.render_bound import LEAST, MOST, UNMEASURED, RenderBound


async def fragments_of(flight: Flight) -> list[bytes]:
    return [each async for each in flight.fragments()]


class TestFlight:
    def test_one_whose_last_pictures_do_not_come_breaks_off(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        flight = Flight()
        flight.add(b"first")
        assert not flight.is_late
        monkeypatch.setattr(flights, "LONGEST", 0.0)
        with pytest.raises(TimeoutError):
            asyncio.run(fragments_of(flight))
        assert flight.is_late, "whoever asks again gets the segment of the base"

    def test_one_that_is_over_is_never_late(self, monkeypatch: pytest.MonkeyPatch) -> None:
        flight = Flight()
        flight.add(b"first")
        flight.end(None)
        monkeypatch.setattr(flights, "LONGEST", 0.0)
        assert not flight.is_late
        assert asyncio.run(fragments_of(flight)) == [b"first"]


class TestRenderBound:
    def test_it_is_what_is_rendered_while_a_viewer_is_patient(self) -> None:
        bound = RenderBound(2, patience=3.0)
        assert bound.most == 2 * UNMEASURED
        bound.note(60)  # a process started
        for _ in range(3):
            bound.note(0.1)
        assert bound.most == 2 * 30

    @pytest.mark.parametrize(("seconds", "each"), [(0.0, MOST), (40.0, LEAST)])
    def test_it_has_limits(self, seconds: float, each: int) -> None:
        bound = RenderBound(1, patience=3.0)
        bound.note(seconds)
        assert bound.most == each
