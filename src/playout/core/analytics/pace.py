"""The fastest pace of viewers: what comes faster was made up."""

from collections import Counter, OrderedDict
from dataclasses import dataclass

from playout.core.analytics.events import Beacon

FASTEST = 4
"""The highest rate at which the player plays."""
HEAD_START = 30.0
"""Seconds that a page may have shown before its first beacon arrived."""
VIEWS_A_MINUTE = 120
"""Pages that one address with one user agent may open in a minute: there may be a whole office
behind it, in which all devices are alike."""
REMEMBERED = 50_000
BEACONS_A_SECOND = 300
"""Beacons from one network that are read in a second: a thousand viewers in one office send
fewer."""


@dataclass(slots=True)
class _Page:
    began: float
    watched_ms: int = 0


@dataclass(slots=True)
class _Minute:
    minute: int
    views: int = 0


class Pace:
    """The pace of the pages and visitors of the last while, as this process saw it."""

    def __init__(self) -> None:
        self._pages: OrderedDict[int, _Page] = OrderedDict()
        self._minutes: OrderedDict[int, _Minute] = OrderedDict()

    def admits(self, view: int, visitor: int, beacon: Beacon, now: float) -> bool:
        """Note a beacon that came at `now`, in seconds. Return whether it is possible."""
        if not self.admits_view(view, visitor, now):
            return False
        page = self._pages[view]
        page.watched_ms += beacon.watched_ms
        return page.watched_ms <= (now - page.began + HEAD_START) * FASTEST * 1000

    def admits_view(self, view: int, visitor: int, now: float) -> bool:
        """Return whether a visitor may have that view. It is noted if it is new."""
        if view in self._pages:
            return True
        if not self._opens(visitor, now):
            return False
        self._pages[view] = _Page(now)
        _forget_oldest(self._pages)
        return True

    def _opens(self, visitor: int, now: float) -> bool:
        """Count a page of a visitor. Return whether they may open so many."""
        minute = self._minutes.get(visitor)
        if minute is None or minute.minute != int(now // 60):
            minute = self._minutes[visitor] = _Minute(int(now // 60))
            self._minutes.move_to_end(visitor)
            _forget_oldest(self._minutes)
        minute.views += 1
        return minute.views <= VIEWS_A_MINUTE


class Crowd:
    """The beacons that came from each network in this second, so that no flood is even read."""

    def __init__(self) -> None:
        self._second = 0
        self._beacons: Counter[str] = Counter()

    def admits(self, network: str, now: float) -> bool:
        """Count a beacon that came at `now`, in seconds. Return whether there may be so many."""
        if int(now) != self._second:
            self._second = int(now)
            self._beacons.clear()
        self._beacons[network] += 1
        return self._beacons[network] <= BEACONS_A_SECOND


def _forget_oldest(remembered: "OrderedDict[int, _Page] | OrderedDict[int, _Minute]") -> None:
    while len(remembered) > REMEMBERED:
        remembered.popitem(last=False)
