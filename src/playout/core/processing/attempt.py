"""One attempt of a worker at something long: claim, work without a transaction, finish."""

import time
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import structlog

from playout.core.media.model import Asset, LostClaim
from playout.core.principal import WORKER
from playout.core.processing.resources import Resources
from playout.core.unit import Origin, WriteUnit
from playout.core.videos.model import Video
from playout.kit.errors import PlayoutError, Unavailable
from playout.transcode.errors import MediaRejected, WorkCancelled

log = structlog.get_logger(__name__)
PROGRESS_EVERY = 0.5
"""Seconds between two notes of progress, which are also looks at whether the claim still holds."""


class Attempt(ABC):
    """One attempt at one asset; a worker that lost its claim stops and changes nothing."""

    def __init__(self, resources: Resources, asset_id: UUID, attempts_left: int) -> None:
        self.resources = resources
        self.asset_id = asset_id
        self.attempts_left = attempts_left
        self.claim = uuid4()
        self._noted_at = 0.0

    def run(self) -> None:
        """Raises `Unavailable` and `WorkCancelled` when it is worth another attempt."""
        try:
            taken = self.take()
            if taken is None:
                return
            if self.attempts_left < 0:
                # It took worker after worker with it, as no error of its own would.
                raise MediaRejected("Playout gave up: converting this video never came to an end.")
            self.work(*taken)
        except LostClaim:
            log.info("media.claim_lost", asset=str(self.asset_id))
        except PlayoutError as error:
            if isinstance(error, Unavailable) and self.attempts_left > 0:
                raise
            self._give_up(error.message)
        except WorkCancelled:
            raise
        except Exception:
            log.exception("media.failed", asset=str(self.asset_id))
            self._give_up("Something went wrong inside Playout; its log says what.")

    def _give_up(self, reason: str) -> None:
        try:
            self.fail(reason)
        except LostClaim:
            log.info("media.claim_lost", asset=str(self.asset_id))

    @abstractmethod
    def take(self) -> tuple[Asset, Video] | None:
        """Claim the asset; None when nobody waits for this any more."""

    @abstractmethod
    def work(self, asset: Asset, video: Video) -> None:
        """Do it all, and write down what came of it."""

    @abstractmethod
    def fail(self, reason: str) -> None:
        """Write down that it cannot be done; `reason` is a sentence for a person."""

    def write(self) -> AbstractContextManager[WriteUnit]:
        return self.resources.work.write(WORKER, Origin("jobs", str(self.asset_id)))

    def is_soon(self) -> bool:
        """Whether the last note of progress was made just now."""
        if time.monotonic() - self._noted_at < PROGRESS_EVERY:
            return True
        self._noted_at = time.monotonic()
        return False
