"""The events in a beacon, as a player sends them, and which of them are possible."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from playout.core.analytics.subjects import Viewed, verify
from playout.kit.signing import Signer

MOST_BYTES = 2048
MOST_EVENTS = 50
HOST_LENGTH = 253
LATEST_MS = 24 * 3600 * 1000
"""The longest video whose seconds are counted."""
LONGEST_MS = 10 * 60 * 1000
"""The longest time that a start or a wait can take; a page left alone for longer says nothing."""
END_TOLERANCE_MS = 1500
"""A player may go so far beyond the duration that Playout measured."""
TALLEST = 10_000
VIEW_DIGITS = 16


class Kind(StrEnum):
    """The kinds of events. Beacons say all of them but the last."""

    VIEW = "view"
    PLAY = "play"
    START = "start"
    WATCH = "watch"
    WAIT = "wait"
    COMPLETE = "complete"
    CTA = "cta"
    ERROR = "error"
    LOADED = "loaded"
    """An interval that was watched, as the requests of segments tell. It counts where no beacon
    tells of the same view."""


SAID = frozenset(Kind) - {Kind.LOADED}
"""The kinds of events that a beacon may say."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a viewer did, or that the player did for them."""

    kind: Kind
    from_ms: int | None = None
    to_ms: int | None = None
    ms: int | None = None
    rendition: str | None = None


@dataclass(frozen=True, slots=True)
class Beacon:
    """Events of one loaded page. `dropped` is the number of events that are impossible."""

    viewed: Viewed
    view: str
    referrer: str
    site: str
    events: tuple[Event, ...]
    dropped: int

    @property
    def watched_ms(self) -> int:
        """Return how many milliseconds of the video all its intervals have."""
        return sum((each.to_ms or 0) - (each.from_ms or 0) for each in self.events)


class Refused(Exception):
    """A beacon that is not counted. `reason` is a label of the metric."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_beacon(signer: Signer, body: bytes) -> Beacon:
    """Return what a beacon says. Raise `Refused` for one without a valid token or form."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused("form") from error
    if not isinstance(said, dict):
        raise Refused("form")
    token, view, events = said.get("token"), said.get("view"), said.get("events")
    viewed = verify(signer, token) if isinstance(token, str) and token.isascii() else None
    if viewed is None:
        raise Refused("token")
    if not _is_view(view) or not isinstance(events, list) or len(events) > MOST_EVENTS:
        raise Refused("form")
    possible = tuple(_possible(events, viewed.duration_ms))
    return Beacon(
        viewed,
        str(view),
        _host(said.get("referrer")),
        _host(said.get("site")),
        possible,
        len(events) - len(possible),
    )


def _is_view(view: object) -> bool:
    if not isinstance(view, str) or len(view) != VIEW_DIGITS:
        return False
    return all(each in "0123456789abcdef" for each in view)


def _possible(events: list[Any], duration_ms: int | None) -> Iterator[Event]:
    for each in events:
        event = _event(each, duration_ms) if isinstance(each, dict) else None
        if event is not None:
            yield event


def _event(said: Mapping[str, Any], duration_ms: int | None) -> Event | None:
    """Return the event that a beacon says; None for one that cannot have happened."""
    match said.get("kind"):
        case Kind.WATCH:
            return _interval(said, duration_ms)
        case Kind.START | Kind.WAIT as kind:
            ms = said.get("ms")
            return Event(Kind(kind), ms=ms) if _is_whole(ms, LONGEST_MS) else None
        case str(kind) if kind in SAID:
            return Event(Kind(kind))
    return None


def _interval(said: Mapping[str, Any], duration_ms: int | None) -> Event | None:
    start, end, height = said.get("from"), said.get("to"), said.get("height")
    last = LATEST_MS if duration_ms is None else duration_ms + END_TOLERANCE_MS
    if not isinstance(start, int) or not isinstance(end, int):
        return None
    if not (_is_whole(start, last) and _is_whole(end, last)) or end <= start:
        return None
    rendition = f"{height}p" if _is_whole(height, TALLEST) and height else None
    return Event(Kind.WATCH, start, end, rendition=rendition)


def _is_whole(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _host(said: object) -> str:
    """Return a host name; "" for none. What is no host name could be a path, or a name."""
    if not isinstance(said, str) or len(said) > HOST_LENGTH:
        return ""
    host = said.lower()
    return host if host.isascii() and all(c.isalnum() or c in ".-:[]" for c in host) else ""
