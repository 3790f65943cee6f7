"""The common course of all jobs on media: claim an asset, work without a transaction, finish."""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID, uuid4

import structlog
from procrastinate import RetryStrategy

from playout.core.media import queries
from playout.core.media.model import Asset, LostClaim
from playout.core.principal import WORKER
from playout.core.processing.probes import probe_of
from playout.core.processing.resources import Resources
from playout.core.unit import Origin, WriteUnit
from playout.core.videos.model import Video
from playout.kit.errors import PlayoutError, Unavailable, reason_of
from playout.transcode.errors import MediaRejected, WorkCancelled
from playout.transcode.inspect.probe import Probe, probe
from playout.transcode.sandbox.tools import Tools

log = structlog.get_logger(__name__)
_RETRIED = Unavailable, WorkCancelled
RETRY = RetryStrategy(max_attempts=10, exponential_wait=2, retry_exceptions=_RETRIED)
"""The retries of jobs on media after an error."""
REPORT_INTERVAL = 0.5
"""Seconds between two reports of progress. Each report also checks that the claim still holds."""
REPEAT_AFTER = 1.0
"""Seconds until a change is repeated, while the database is away."""
PATIENCE = 3600.0
"""Seconds for which finished work waits for the database, before all of it is done again."""
STOPPED = "Playout was stopped each time before this video was converted."
"""The reason of a job whose last attempt was cut off by the end of the process."""


class MediaJob(ABC):
    """One attempt to work on one asset. A worker that lost its claim stops and changes nothing."""

    def __init__(self, resources: Resources, asset_id: UUID, retries_left: int) -> None:
        self.resources = resources
        self.asset_id = asset_id
        self.retries_left = retries_left
        self.claim_id = uuid4()
        self._reported_at = 0.0

    def run(self) -> None:
        """Work on the asset. Raise `Unavailable` or `WorkCancelled` if a retry may help."""
        try:
            claimed = self.claim()
            if claimed is None:
                return
            if self.retries_left < 0:
                # Its workers died one after another, without an error that could be caught here.
                raise MediaRejected("Playout gave up: converting this video never came to an end.")
            self.work(*claimed)
        except LostClaim:
            log.info("media.claim_lost", asset=str(self.asset_id))
        except (PlayoutError, WorkCancelled) as error:
            if isinstance(error, _RETRIED) and self.retries_left > 0:
                raise
            level = logging.INFO if isinstance(error, MediaRejected) else logging.ERROR
            log.log(level, "media.failed", asset=str(self.asset_id), error=reason_of(error))
            self._fail(error.message if isinstance(error, PlayoutError) else STOPPED)
        except Exception:
            log.exception("media.failed", asset=str(self.asset_id))
            self._fail("Something went wrong inside Playout; its log says what.")

    def _fail(self, reason: str) -> None:
        try:
            self.fail(reason)
        except LostClaim:
            log.info("media.claim_lost", asset=str(self.asset_id))

    @abstractmethod
    def claim(self) -> tuple[Asset, Video] | None:
        """Claim the asset and return it with its video; None if no video needs this any more."""

    @abstractmethod
    def work(self, asset: Asset, video: Video) -> None:
        """Do the work and store its result."""

    def facts_of(self, asset: Asset, source: Path, tools: Tools) -> Probe:
        """Return the facts of a source: those that its asset keeps, or else a new probe's."""
        with self.resources.database.read_session() as session:
            kept = queries.kept_probe(session, asset.id)
        return probe_of(kept) or probe(source, tools, cancelled=self.resources.stopping.is_set)

    @abstractmethod
    def fail(self, reason: str) -> None:
        """Record that the work failed for good; `reason` is a sentence for a person."""

    def write(self) -> AbstractContextManager[WriteUnit]:
        """Open a unit of work of the worker."""
        return self.resources.work.write(WORKER, Origin("jobs", str(self.asset_id)))

    def change(self, make: Callable[[WriteUnit], None]) -> None:
        """Make a change in one transaction. Repeat it while the database is away.

        What was encoded for hours outlives an interruption. Raise `WorkCancelled` when the process
        ends meanwhile. A commit may have succeeded though its answer was lost. So `make` must
        change nothing when it finds its change already there.
        """
        give_up_at = time.monotonic() + PATIENCE
        while True:
            try:
                with self.write() as unit:
                    make(unit)
                    return
            except Unavailable:
                if time.monotonic() > give_up_at:
                    raise
                if self.resources.stopping.wait(REPEAT_AFTER):
                    raise WorkCancelled from None

    def report(self, note: Callable[[WriteUnit], bool]) -> None:
        """Report progress with `note`, which returns whether the claim still holds.

        Raise `LostClaim` if it does not. While the database is away nothing is reported, and the
        work goes on: its end checks the claim, too.
        """
        try:
            with self.write() as unit:
                is_held = note(unit)
        except Unavailable:
            return
        if not is_held:
            raise LostClaim("Another worker has taken the asset over.")

    def report_is_due(self) -> bool:
        """Return whether to report progress now; the caller reports it if so."""
        if time.monotonic() - self._reported_at < REPORT_INTERVAL:
            return False
        self._reported_at = time.monotonic()
        return True
