"""The ticker: a thread that makes the changes whose time has come, without any request."""

import threading
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
LONGEST_RETRY_SECONDS = 60.0
"""Seconds after which a change that goes on failing is tried again, at most."""
AT_ONCE = 500
"""Changes of one kind that are looked at together."""

Change = Callable[[WriteUnit, int], None]
Upcoming = Callable[[ReadUnit, int], Sequence[tuple[datetime, int]]]
"""Returns times, and the id of what changes at each of them, the earliest first."""

TIMETABLES: Sequence[tuple[Upcoming, Change]] = (
    (videos.upcoming, make_due_changes),
    (distributions.upcoming, record_due_transitions),
    (shares.upcoming, record_due_edges),
)
"""The changes that have a time, and how each is made: under a lock, if it is still due."""

log = structlog.get_logger(__name__)


@dataclass
class Retries:
    """The changes that failed, each with the time of its next try."""

    _waiting: dict[tuple[Change, int], tuple[datetime, float]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._waiting)

    def may_try(self, change: Change, id: int, now: datetime) -> bool:
        """Return whether a change has never failed, or its next try has come."""
        waiting = self._waiting.get((change, id))
        return waiting is None or waiting[0] <= now

    def failed(self, change: Change, id: int, now: datetime) -> None:
        """Let a change wait for its next try, twice as long as before."""
        _, before = self._waiting.get((change, id), (now, RETRY_SECONDS / 2))
        seconds = min(before * 2, LONGEST_RETRY_SECONDS)
        self._waiting[change, id] = now + timedelta(seconds=seconds), seconds

    def forget(self, change: Change, ids: Container[int]) -> None:
        """Forget the changes that are no longer due: those not among the ids."""
        self._waiting = {
            key: value for key, value in self._waiting.items() if key[0] != change or key[1] in ids
        }


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
        seconds, retries = 0.0, Retries()
        while not self._stopping.wait(seconds):
            try:
                seconds = tick(self._work, retries)
            except Exception as error:
                log.warning("ticker.interrupted", error=repr(error))
                seconds = RETRY_SECONDS


def tick(work: Work, retries: Retries | None = None) -> float:
    """Make every change that is due. Return the seconds after which to look again."""
    seconds, retries = POLL_SECONDS, Retries() if retries is None else retries
    for upcoming, change in TIMETABLES:
        with work.read(WORKER) as unit:
            # Those that fail stay the earliest: they may not hide the others.
            coming = upcoming(unit, AT_ONCE + len(retries))
        now = utcnow()
        due = dict.fromkeys(id for at, id in coming if at <= now)
        retries.forget(change, due)
        for id in due:
            if retries.may_try(change, id, now) and not _change(work, change, id):
                retries.failed(change, id, now)
        later = [(at - now).total_seconds() for at, _ in coming if at > now]
        seconds = min([seconds, *later[:1]])
    return seconds


def _change(work: Work, change: Change, id: int) -> bool:
    """Make the changes of one thing; return whether that succeeded.

    A failure is logged, so that others are not kept waiting.
    """
    try:
        with work.write(WORKER, Origin("timetable", str(id))) as unit:
            change(unit, id)
    except Exception as error:
        log.warning("ticker.failed", change=change.__name__, id=id, error=repr(error))
        return False
    return True
