"""Tables of the child resources of a production: distributions and activations."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypedDict, TypeVar

from sqlalchemy import ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from playout.core.distributions.schedule import ActivationStatus, Schedule
from playout.core.distributions.settings import (
    Format,
    Quality,
    Settings,
    check_activation,
    check_distribution,
)
from playout.core.ledger.model import Subject
from playout.core.ledger.recordable import Authored, Recordable
from playout.core.permissions import Permission
from playout.core.videos.model import Video
from playout.kit.database.engine import Model


class DistributionStatus(StrEnum):
    """The progress of the packaging of a distribution."""

    PENDING = "pending"
    PACKAGING = "packaging"
    READY = "ready"
    FAILED = "failed"


class ChildFields(TypedDict, total=False):
    """The fields of a child resource that a caller may set."""

    name: str
    settings: Settings


class ChildResource(Recordable, Authored):
    """A resource of one production, with a name and settings.

    The organization, the project and the sub-account are those of its video. It is deleted when
    its video is.
    """

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    settings: Mapped[dict[str, Any]]

    @declared_attr
    def video_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("videos.id"))

    @declared_attr
    def video(cls) -> Mapped[Video]:
        return relationship(Video)

    @classmethod
    def noun(cls) -> str:
        """Return the noun that stands for it in events and in messages."""
        return cls.__name__.lower()

    @property
    def subject(self) -> Subject:
        return Subject(
            self.noun(),
            str(self.id),
            self.video.organization_id,
            self.video.project_id,
            self.video.sub_account_id,
            {self.noun(): {"id": str(self.id)}, **self.video.names},
        )

    @property
    def cache_keys(self) -> Sequence[str]:
        """The key of its video: what is served of a distribution depends on all its siblings."""
        return (self.video.cache_key,)

    def audit_state(self) -> ChildFields:
        """Return what the ledger compares before and after a change."""
        return {"name": self.name, "settings": self.settings}


class Distribution(ChildResource, Model):
    """A packaging of a production for another platform."""

    __tablename__ = "distributions"
    __table_args__ = (Index(None, "video_id", "id"),)

    write_permission: ClassVar = Permission.DISTRIBUTIONS_WRITE
    check_settings: ClassVar = staticmethod(check_distribution)

    announced: Mapped[DistributionStatus] = mapped_column(
        default=DistributionStatus.PENDING, server_default=DistributionStatus.PENDING
    )
    """The status in its last event. The present status follows from its video."""

    @property
    def format(self) -> Format:
        """The format in its settings; HLS when they name none."""
        return Format(self.settings.get("format") or Format.HLS)

    @property
    def max_height(self) -> int | None:
        """The height of the largest rendition, 720 for 720p; None when the quality is adaptive."""
        quality = Quality(self.settings.get("quality") or Quality.ADAPTIVE)
        return None if quality is Quality.ADAPTIVE else int(quality.removesuffix("p"))


class Activation(ChildResource, Model):
    """A campaign: the time, the regions and the platforms in which a production plays."""

    __tablename__ = "activations"
    __table_args__ = (Index(None, "video_id", "id"), Index(None, "turns_at"))

    write_permission: ClassVar = Permission.ACTIVATIONS_WRITE
    check_settings: ClassVar = staticmethod(check_activation)

    announced: Mapped[ActivationStatus] = mapped_column(
        default=ActivationStatus.SCHEDULED, server_default=ActivationStatus.SCHEDULED
    )
    """The status in its last event. The present status follows from the clock."""
    turns_at: Mapped[datetime | None]
    """The time of the next event."""

    def status(self, now: datetime) -> ActivationStatus:
        return Schedule.parse(self.settings).status(now)

    def mark_announced(self, now: datetime) -> None:
        """Note that the present status needs no further event."""
        self.announced = self.status(now)
        self.turns_at = Schedule.parse(self.settings).next_transition(now)


Child = TypeVar("Child", Distribution, Activation)
