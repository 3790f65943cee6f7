"""Segments that are being rendered, as viewers wait for them."""

import asyncio

import pytest

from playout.pages import flights
from playout.pages.flights import Flight


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
