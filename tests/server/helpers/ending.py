"""A way to take something back: what is served until then, and the act."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.helpers.live import until
from tests.server.helpers.hammering import Asked, Probe, hammered, probed
from tests.server.helpers.site import Site

SOON, LATEST = 2.0, 40.0
WATCHED, PATIENCE = 1.5, 120.0
"""Seconds."""


@dataclass(frozen=True)
class Ending:
    """What is served until somebody takes it back."""

    asked: Sequence[Asked]
    take_back: Callable[[], object]
    """The act. If it returns a float, nothing may be served from that moment on."""


Way = Callable[[Site], Ending]


def end_soon(end_at: Callable[[str], object]) -> float:
    """Have something end in two seconds; return that moment by the clock of the probes.

    If a busy server comes to it too late, and refuses a time that is over, it gets a later one.
    """
    seconds = SOON
    while True:
        at, moment = datetime.now(UTC) + timedelta(seconds=seconds), time.monotonic() + seconds
        try:
            end_at(at.isoformat())
        except AssertionError:
            if time.monotonic() < moment or seconds > LATEST:
                raise
            seconds *= 2
        else:
            return moment


def _unserved(probes: Sequence[Probe]) -> list[Asked]:
    return [each.asked for each in probes if not each.last and not each.caught]


def seconds_served(site: Site, ways: Mapping[str, Way]) -> dict[str, float]:
    """Take everything back while it is asked for without a pause.

    Return for each way, and print, for how long after the act anything of it was served. It is
    watched for a second and a half.
    """
    endings = {name: way(site) for name, way in ways.items()}
    asked = [each for ending in endings.values() for each in ending.asked]
    took_back: dict[str, float] = {}
    with probed(site.front, asked) as probes:
        until(lambda: not _unserved(probes), PATIENCE, "each is served")
        with hammered(site.front, asked, site.folder):
            for name, ending in endings.items():
                at = ending.take_back()
                answered = time.monotonic()
                took_back[name] = max(answered, at) if isinstance(at, float) else answered
            time.sleep(max(took_back.values()) - time.monotonic() + WATCHED)
    assert not [each.caught for each in probes if each.caught]
    seconds = {}
    for name, ending in endings.items():
        own = [each for each in probes if each.asked in ending.asked]
        seconds[name] = max(0.0, max(each.last for each in own) - took_back[name])
        sent = sum(each.sent for each in own)
        print(f"{name}: {seconds[name]:.2f} s at most, {sent} requests beside those of wrk")
    return seconds
