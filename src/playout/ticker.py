"""The ticker: a thread that makes the changes whose time has come, without any request."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Self

import structlog

from playout.core.distributions import queries as distributions
from playout.core.distributions.transitions import record_due_transitions
from playout.core.principal import WORKER
from playout.core.publications.service import make_due_changes
from playout.core.shares import queries as shares
from playout.core.shares.transitions import record_due_edges
from playout.core.unit import Origin, ReadUnit, Work, WriteUnit
from playout.core.videos import queries as videos
from playout.kit.clock import utcnow

POLL_SECONDS = 0.5
"""Seconds between two looks at most: somebody may have entered a time that is nearer."""
RETRY_SECONDS = 1.0
"""Seconds after a failure, such as a database that is away."""
STOP_SECONDS = 10.0
AT_ONCE = 500
"""Changes of one kind that are looked at together."""

Upcoming = Callable[[ReadUnit, int], Sequence[tuple[datetime, int]]]
"""Returns times, and the id of what changes at each of them, the earliest first."""

TIMETABLES: Sequence[tuple[Upcoming, Callable[[WriteUnit, int], None]]] = (
    (videos.upcoming, make_due_changes),
    (distributions.upcoming, record_due_transitions),
    (shares.upcoming, record_due_edges),
)
"""The changes that have a time, and how each is made: under a lock, if it is still due."""

log = structlog.get_logger(__name__)


class Ticker:
    """The ticker of a process. Of several, each change is made by one."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stopping.set()
        self._thread.join(timeout=STOP_SECONDS)

    def _run(self) -> None:
        seconds = 0.0
        while not self._stopping.wait(seconds):
            try:
                seconds = tick(self._work)
            except Exception as error:
                log.warning("ticker.interrupted", error=repr(error))
                seconds = RETRY_SECONDS


def tick(work: Work) -> float:
    """Make every change that is due. Return the seconds after which to look again."""
    seconds = POLL_SECONDS
    for upcoming, change in TIMETABLES:
        with work.read(WORKER) as unit:
            coming = upcoming(unit, AT_ONCE)
        now = utcnow()
        for id in dict.fromkeys(id for at, id in coming if at <= now):
            _change(work, change, id)
        later = [(at - now).total_seconds() for at, _ in coming if at > now]
        seconds = min([seconds, *later[:1]])
    return seconds


def _change(work: Work, change: Callable[[WriteUnit, int], None], id: int) -> None:
    """Make the changes of one thing. A failure is logged, so that others are not kept waiting."""
    try:
        with work.write(WORKER, Origin("timetable", str(id))) as unit:
            change(unit, id)
    except Exception as error:
        log.warning("ticker.failed", change=change.__name__, id=id, error=repr(error))
