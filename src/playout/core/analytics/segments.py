"""Views as the requests of segments tell them: of players that send no beacon.

A player that sends CMCD names its session and how much it has loaded: so each request says where in
the video it plays. A player in a distribution that sends none counts as one view for each visitor
and day.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from playout.core.analytics.cmcd import Cmcd
from playout.core.analytics.events import Event, Kind
from playout.core.analytics.pace import FASTEST
from playout.core.analytics.places import Place, Places, Track
from playout.core.analytics.subjects import activation_subject, distribution_subject
from playout.core.distributions.campaigns import Viewer
from playout.core.playback.grants import Grant

REMEMBERED = 50_000
SLACK_MS = 1_500
"""Milliseconds by which a player may be further than the time that has passed: it rounds."""
CERTAIN_SECONDS = 10.0
"""The time after which a player that says nothing and goes on loading must be playing."""


@dataclass(frozen=True, slots=True)
class SegmentRequest:
    """A request for a part of a video's file, when it came, and who sent it.

    `holder` is that of its grant, and `offset` the first byte. Neither address nor agent is ever
    written.
    """

    at: datetime
    uid: UUID
    file: str
    holder: str
    offset: int
    cmcd: Cmcd | None
    viewer: Viewer
    address: str
    agent: str


@dataclass(slots=True)
class _Viewing:
    """A view so far. `position_ms` is where it played at the last request, if that is known."""

    began: datetime
    at: datetime
    position_ms: int | None = None
    plays: bool = False


class SegmentViews:
    """The views of the last while, as this process saw them."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._views: OrderedDict[int, _Viewing] = OrderedDict()

    def place(self, request: SegmentRequest, now: float) -> Place | None:
        """Return the place of a request that may be counted; None for any other."""
        place = self._places.place(request.uid, request.holder, now)
        if place is None or (place.asks and request.cmcd is None):
            return None
        return place

    def events(self, view: int, request: SegmentRequest, now: float) -> Iterator[Event]:
        """Yield what a request tells of its view that was not known before."""
        track = self._places.track(request.file, now)
        viewing = self._views.get(view)
        if viewing is None:
            viewing = self._views[view] = _Viewing(request.at, request.at)
            if len(self._views) > REMEMBERED:
                self._views.popitem(last=False)
            yield Event(Kind.VIEW)
        yield from _progress(viewing, request, track)


def subjects_of(request: SegmentRequest, place: Place) -> list[str]:
    """Return what a request belongs to, with the distribution and the activations that admit it."""
    distribution_id = Grant.of(request.holder).distribution_id
    if distribution_id is None:
        return [*place.subjects]
    admitting = (
        each for each, rules in place.campaigns if rules.admits(request.viewer, request.at)
    )
    return [
        *place.subjects,
        distribution_subject(distribution_id),
        *(activation_subject(each) for each in admitting),
    ]


def view_name(request: SegmentRequest, visitor: int, day: date) -> str:
    """Return the name of the view of a request: the session of its player, or the visitor's day."""
    if request.cmcd is not None:
        return request.cmcd.session
    return f"{visitor} {Grant('', '', request.holder).distribution_id} {day}"


def _progress(viewing: _Viewing, request: SegmentRequest, track: Track | None) -> Iterator[Event]:
    position = _position(request, track)
    passed = request.at - viewing.at
    viewing.at = request.at
    if position is None:
        is_certain = (request.at - viewing.began).total_seconds() >= CERTAIN_SECONDS
        if is_certain and request.cmcd is None and not viewing.plays:
            viewing.plays = True
            yield Event(Kind.PLAY)
        return
    before, viewing.position_ms = viewing.position_ms, position
    most = passed.total_seconds() * 1000 * FASTEST + SLACK_MS
    if before is None or not 0 < position - before <= most:
        return  # the first position, a pause or a jump
    if not viewing.plays:
        viewing.plays = True
        yield Event(Kind.PLAY)
    rendition = track.rendition if track else None
    yield Event(Kind.LOADED, before, position, rendition=rendition)


def _position(request: SegmentRequest, track: Track | None) -> int | None:
    """Return where in the video the player is, in milliseconds; None if that is not known."""
    if track is None or request.cmcd is None or request.cmcd.buffer_ms is None:
        return None
    begins = track.time_at(request.offset)
    return None if begins is None else max(0, begins - request.cmcd.buffer_ms)
