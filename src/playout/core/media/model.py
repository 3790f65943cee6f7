"""The table of assets: one row for each source that was handed in, and what became of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from playout.kit.db import Model
from playout.kit.errors import Conflict


class AssetState(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


class Stage(StrEnum):
    """What is being done, in this order, while an asset is worked on."""

    FETCHING = "fetching"
    PROBING = "probing"
    ENCODING = "encoding"
    STORING = "storing"


MP4 = "video.mp4"
POSTER = "poster.jpg"
"""Names of the files of a package."""


class LostClaim(Conflict):
    """Another worker has taken the asset over; this one's result is refused."""


class Asset(Model):
    """A source and the package made from it.

    A worker claims an asset, works without a transaction, and finishes only while it still holds
    the claim. Each claim writes into a folder of its own, named in `version` at the end and never
    written to again: nobody sees what a worker left half done.
    """

    __tablename__ = "assets"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    source_key: Mapped[str | None]
    source_url: Mapped[str | None]
    source_size: Mapped[int | None]
    source_sha256: Mapped[str | None]
    version: Mapped[UUID | None]
    state: Mapped[AssetState] = mapped_column(default=AssetState.WAITING)
    stage: Mapped[Stage | None]
    progress: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Per cent, 0 to 100."""
    claim: Mapped[UUID | None]
    reason: Mapped[str | None]
    duration_ms: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    mp4_size: Mapped[int | None]
    poster_size: Mapped[int | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    def take(self, claim: UUID) -> None:
        """A worker begins; whoever worked on it before has lost it."""
        if self.state in (AssetState.READY, AssetState.FAILED):
            raise LostClaim("The asset is finished already.")
        self.state, self.claim, self.progress, self.stage = AssetState.WORKING, claim, 0, None

    def finish(self, claim: UUID, now: datetime) -> None:
        """The package is whole and stored."""
        self._held_by(claim)
        self.version = claim
        self.state, self.finished_at = AssetState.READY, now
        self.progress, self.stage, self.claim = 100, None, None

    def fail(self, claim: UUID, reason: str, now: datetime) -> None:
        """The source cannot be used; `reason` is a sentence for a person."""
        self._held_by(claim)
        self.state, self.finished_at, self.reason = AssetState.FAILED, now, reason
        self.stage, self.claim = None, None

    def _held_by(self, claim: UUID) -> None:
        if self.claim != claim:
            raise LostClaim("Another worker has taken the asset over.")
