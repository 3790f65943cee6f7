"""The supervisor of the processes that serve one port."""

import signal
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

import structlog

from playout.kit.errors import Unavailable
from playout.kit.shared_metrics import add_ended
from playout.runtime import Runtime
from playout.server.process import Order, Process

TICK_SECONDS = 0.1
MAX_PAUSE = 30.0
"""Seconds between two attempts to start a process that does not start, at the most."""

log = structlog.get_logger(__name__)


class _Slot:
    """The place of one process. While it is replaced there are two."""

    def __init__(self) -> None:
        self.current: Process | None = None
        self.next: Process | None = None
        self.failures = 0
        self.start_at = 0.0

    def pause(self) -> None:
        """Wait before the next start: longer after each failure."""
        seconds = min(MAX_PAUSE, 2.0**self.failures) if self.failures else 0
        self.start_at = time.monotonic() + seconds


class Supervisor:
    """Starts processes, replaces those that die, and replaces all one by one on SIGHUP.

    On SIGTERM all of them drain, and on a second one they stop. All accept connections from one
    socket, so none is lost when a process ends: the others accept it.
    """

    def __init__(
        self, runtime: Runtime, start: Callable[[], Process], count: int, metrics: Path | None
    ) -> None:
        """Prepare `count` processes. They share their numbers in the folder `metrics`."""
        self._runtime = runtime
        self._start = start
        self._metrics = metrics
        self._slots = [_Slot() for _ in range(count)]
        self._leaving: list[Process] = []
        self._to_replace: deque[_Slot] = deque()
        self._signals: deque[int] = deque()
        self._ends_at: float | None = None
        """Time at which jobs are given back, after a signal to end."""

    def run(self, when_ready: Callable[[], None]) -> None:
        """Serve until SIGTERM or SIGINT; call `when_ready` once all processes serve.

        Raise `Unavailable` if one of them does not start at first.
        """
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._note_signal)
        try:
            self._start_all()
            if self._ends_at is None:
                when_ready()
            while self._ends_at is None or self._running():
                self._tick()
        finally:
            self._stop_all()

    def _stop_all(self) -> None:
        """End what still runs after an error."""
        running = self._running()
        for process in running:
            process.order(Order.STOP)
        while any(each.exit_status() is None for each in running):
            time.sleep(TICK_SECONDS)

    def _note_signal(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._signals.append(number)

    def _start_all(self) -> None:
        for slot in self._slots:
            slot.current = self._start()
        while self._ends_at is None and not all(each.is_ready for each in self._running()):
            if any(each.exit_status() is not None for each in self._running()):
                raise Unavailable("A process of the server did not start; its log says why.")
            self._follow_signals()
            time.sleep(TICK_SECONDS)

    def _running(self) -> list[Process]:
        placed = [each for slot in self._slots for each in (slot.current, slot.next)]
        return [each for each in (*placed, *self._leaving) if each is not None]

    def _tick(self) -> None:
        time.sleep(TICK_SECONDS)
        self._follow_signals()
        for slot in self._slots:
            self._watch_current(slot)
            self._watch_next(slot)
        for process in list(self._leaving):
            if self._has_ended(process):
                self._leaving.remove(process)
        if self._to_replace and not self._leaving and not any(each.next for each in self._slots):
            try:
                self._to_replace.popleft().next = self._start()
            except OSError as error:
                log.error("process.not_replaced", error=str(error))

    def _follow_signals(self) -> None:
        while self._signals:
            number = self._signals.popleft()
            if number == signal.SIGHUP and self._ends_at is None:
                self._to_replace.extend(
                    each for each in self._slots if each not in self._to_replace
                )
            elif number != signal.SIGHUP:
                self._end(drains=number == signal.SIGTERM and self._ends_at is None)
        if self._ends_at is not None and time.monotonic() >= self._ends_at:
            self._runtime.stopping.set()

    def _end(self, *, drains: bool) -> None:
        seconds = self._runtime.settings.drain_seconds if drains else 0
        self._ends_at = time.monotonic() + seconds
        self._to_replace.clear()
        for process in self._running():
            process.order(Order.DRAIN if drains else Order.STOP, seconds)

    def _watch_current(self, slot: _Slot) -> None:
        process = slot.current
        if process is not None and self._has_ended(process):
            slot.current = None
            slot.failures = 0 if process.was_useful else slot.failures + 1
            slot.pause()
            if self._ends_at is None:
                log.warning("process.died", pid=process.pid, status=process.exit_status())
        if slot.current is None and slot.next is None and self._may_start(slot):
            try:
                slot.current = self._start()
            except OSError as error:  # no memory or no process is left: soon there may be
                slot.failures += 1
                slot.pause()
                log.warning("process.not_started", error=str(error))

    def _may_start(self, slot: _Slot) -> bool:
        return self._ends_at is None and time.monotonic() >= slot.start_at

    def _watch_next(self, slot: _Slot) -> None:
        """Let a process that is ready take the place of the one before."""
        process = slot.next
        if process is None:
            return
        if self._has_ended(process):
            slot.next = None
            self._to_replace.clear()
            log.error("process.not_replaced", pid=process.pid, status=process.exit_status())
        elif process.is_ready and self._ends_at is None:
            if slot.current is not None:
                slot.current.order(Order.RETIRE)
                self._leaving.append(slot.current)
            slot.current, slot.next = process, None
            log.info("process.replaced", pid=process.pid)

    def _has_ended(self, process: Process) -> bool:
        if process.exit_status() is None:
            return False
        if self._metrics is not None:
            with suppress(OSError):  # a full disk takes away numbers, and nothing else
                add_ended(self._metrics, process.pid)
        return True
