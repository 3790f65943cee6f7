"""Tables of what a production has: distributions and activations."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from sqlalchemy import ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from playout.core.distributions.schedule import ActivationStatus, Schedule
from playout.core.distributions.settings import (
    Format,
    Quality,
    check_activation,
    check_distribution,
)
from playout.core.ledger.model import Subject
from playout.core.permissions import Permission
from playout.core.videos.model import Video
from playout.kit.db import Model


class DistributionStatus(StrEnum):
    """How far a distribution is."""

    PENDING = "pending"
    PACKAGING = "packaging"
    READY = "ready"
    FAILED = "failed"


class Part:
    """What both of them are: named, with settings, of one production.

    Whose it is, and whether it is there at all, its video says.
    """

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    settings: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]

    @declared_attr
    def video_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("videos.id"))

    @classmethod
    def noun(cls) -> str:
        """What the ledger and messages call it."""
        return cls.__name__.lower()

    @property
    def etag(self) -> str:
        """Another one after each change (RFC 9110)."""
        return f'"{self.id}-{self.updated_at.timestamp():.6f}"'

    def subject(self, video: Video) -> Subject:
        return Subject(
            self.noun(),
            str(self.id),
            video.organization_id,
            video.project_id,
            video.sub_account_id,
            {self.noun(): {"id": str(self.id)}, **video.names},
        )

    def state(self) -> dict[str, Any]:
        """What the ledger compares before and after a change."""
        return {"name": self.name, "settings": self.settings}


class Distribution(Part, Model):
    """A way in which a production is packaged and delivered."""

    __tablename__ = "distributions"
    __table_args__ = (Index(None, "video_id", "id"),)

    writing: ClassVar = Permission.DISTRIBUTIONS_WRITE
    check: ClassVar = staticmethod(check_distribution)

    announced: Mapped[DistributionStatus] = mapped_column(
        default=DistributionStatus.PENDING, server_default=DistributionStatus.PENDING
    )
    """What the ledger told last of how far it is; how far it is follows from its video."""

    @property
    def format(self) -> Format:
        """As its settings say; HLS where they say nothing."""
        return Format(self.settings.get("format") or Format.HLS)

    @property
    def most(self) -> int | None:
        """The highest quality, 720 for 720p; None where it is adaptive."""
        quality = Quality(self.settings.get("quality") or Quality.ADAPTIVE)
        return None if quality is Quality.ADAPTIVE else int(quality.removesuffix("p"))


class Activation(Part, Model):
    """A campaign: from when to when, where and on what a production runs."""

    __tablename__ = "activations"
    __table_args__ = (Index(None, "video_id", "id"), Index(None, "turns_at"))

    writing: ClassVar = Permission.ACTIVATIONS_WRITE
    check: ClassVar = staticmethod(check_activation)

    announced: Mapped[ActivationStatus] = mapped_column(
        default=ActivationStatus.SCHEDULED, server_default=ActivationStatus.SCHEDULED
    )
    """What the ledger told last of where it stands; where it stands follows from the clock."""
    turns_at: Mapped[datetime | None]
    """When there is something to be told next."""

    def status(self, now: datetime) -> ActivationStatus:
        return Schedule.of(self.settings).status(now)

    def note(self, now: datetime) -> None:
        """Where it stands now is told."""
        self.announced = self.status(now)
        self.turns_at = Schedule.of(self.settings).next_turn(now)


Kind = TypeVar("Kind", Distribution, Activation)
