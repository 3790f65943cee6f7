"""Health: checks of the parts that an application needs, and the report that they give."""

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, wait
from typing import Literal

from typing_extensions import TypedDict

Facts = dict[str, str | int | float | None]
"""Facts that a check found about a part. `ok` is False if the part does not work."""
Check = Callable[[], Facts]
"""Examines one part. A check that raises is one that failed."""

CHECK_SECONDS = 2.0
"""Seconds that a check may take. A part that takes longer does not work."""
FRESH_SECONDS = 1.0
"""Seconds for which the result of a check is used again."""


class HealthReport(TypedDict):
    """The health of all parts together, and the facts of each.

    The status is `degraded` if only parts failed that requests can do without.
    """

    status: Literal["ok", "degraded", "down"]
    parts: dict[str, Facts]


class HealthChecks:
    """Checks that any number of callers may ask for, while each runs once at a time.

    Each check has a thread of its own: a part that hangs delays neither requests nor the checks of
    other parts, and no caller waits for longer than `CHECK_SECONDS`.
    """

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = {name: _SingleFlight(check) for name, check in checks.items()}

    def facts(self) -> dict[str, Facts]:
        """Return the facts of all parts; wait in this thread."""
        runs = self._runs()
        wait([run.facts for run in runs.values()], timeout=_seconds_left(runs.values()))
        return {name: _facts_of(run) for name, run in runs.items()}

    async def facts_async(self) -> dict[str, Facts]:
        """Return the facts of all parts, without a thread that waits."""
        runs = self._runs()
        waiting = [asyncio.wrap_future(run.facts) for run in runs.values()]
        await asyncio.wait(waiting, timeout=_seconds_left(runs.values()))
        for each in waiting:
            each.cancel()  # the check itself goes on
        return {name: _facts_of(run) for name, run in runs.items()}

    def _runs(self) -> "dict[str, _Run]":
        return {name: check.run() for name, check in self._checks.items()}


class _Run:
    """One run of a check, in a thread of its own."""

    def __init__(self, check: Check) -> None:
        self.started_at = time.monotonic()
        self.ended_at: float | None = None
        self.facts: Future[Facts] = Future()
        self.facts.set_running_or_notify_cancel()  # nobody can cancel it for the others
        self._check = check
        threading.Thread(target=self._run, name="health", daemon=True).start()

    @property
    def is_current(self) -> bool:
        """Return True while the check runs, and for a moment afterwards."""
        return self.ended_at is None or time.monotonic() - self.ended_at < FRESH_SECONDS

    def _run(self) -> None:
        try:
            facts = self._check()
        except Exception as error:
            facts = {"ok": False, "error": str(error) or type(error).__name__}
        else:
            ms = round((time.monotonic() - self.started_at) * 1000, 1)
            facts = {"ok": True, **facts, "ms": ms}
        self.ended_at = time.monotonic()
        self.facts.set_result(facts)


class _SingleFlight:
    """A check that runs once at a time. Its callers share the run and, for a moment, its result."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._lock = threading.Lock()
        self._current: _Run | None = None

    def run(self) -> _Run:
        with self._lock:
            if self._current is None or not self._current.is_current:
                self._current = _Run(self._check)
            return self._current


def _seconds_left(runs: Collection[_Run]) -> float:
    """Return for how long to wait: a check that hangs keeps only its first callers waiting."""
    newest = max(run.started_at for run in runs)
    return max(0.0, newest + CHECK_SECONDS - time.monotonic())


def _facts_of(run: _Run) -> Facts:
    if run.facts.done():
        return run.facts.result()
    return {"ok": False, "error": f"No answer within {CHECK_SECONDS:g} seconds."}


def report(parts: Mapping[str, Facts], required: Collection[str]) -> HealthReport:
    """Return the report on these parts: `down` if a part in `required` failed."""
    known = {name: {"ok": True, **facts} for name, facts in parts.items()}
    failed = {name for name, facts in known.items() if not facts["ok"]}
    if failed.intersection(required):
        return {"status": "down", "parts": known}
    return {"status": "degraded" if failed else "ok", "parts": known}
