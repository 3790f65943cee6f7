"""The tables of experiments, and of how pages look when nothing is tried on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, TypedDict

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from playout.core.ledger.model import Subject
from playout.core.ledger.recordable import Authored, Recordable
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.core.videos.model import Video
from playout.kit.database.engine import Model

NAME_LENGTH = 160
MOST_VARIANTS = 6
MOST_WEIGHT = 1000
CTA_LABEL_LENGTH = 80
LATEST_START = 24 * 3600


class Goal(StrEnum):
    """The deed of a viewer that counts as success."""

    PLAY = "play"
    COMPLETE = "complete"
    CTA = "cta"


class State(StrEnum):
    """The state of an experiment. One that was stopped has no winner."""

    RUNNING = "running"
    DECIDED = "decided"
    STOPPED = "stopped"


Autoplay = Literal["off", "muted", "sound"]


class Look(TypedDict, total=False):
    """The ways in which a page differs from what its video says. What is left out stays."""

    title: str
    poster_url: str
    cta_label: str
    cta_url: str
    cta_color: str
    autoplay: Autoplay
    start_seconds: int


class Variant(TypedDict):
    """A variant. `weight` is its part of the visitors, beside the weights of the others."""

    key: str
    weight: int
    look: Look


@dataclass(frozen=True, slots=True)
class Owner:
    """The video or the share whose page it is about. A share has a project and a channel."""

    video_id: int | None = None
    project_id: int | None = None
    channel: Channel | None = None

    @property
    def name(self) -> str:
        return (
            f"video:{self.video_id}" if self.video_id else f"share:{self.project_id}:{self.channel}"
        )


class Experiment(Recordable, Authored, Model):
    """Variants of the page of a video or of a share, from its creation until `ended_at`.

    `counted_through` is the last day (UTC) that `experiment_counts` contains.
    """

    __tablename__ = "experiments"
    __table_args__ = (
        CheckConstraint("(video_id IS NULL) <> (channel IS NULL)", name="one_owner"),
        Index(None, "video_id", "id"),
        Index(None, "project_id", "channel", "id"),
        Index(
            "ix_experiments_running_video",
            "video_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_experiments_running_share",
            "project_id",
            "channel",
            unique=True,
            postgresql_where=text("ended_at IS NULL AND channel IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    video_id: Mapped[int | None] = mapped_column(ForeignKey("videos.id"))
    channel: Mapped[Channel | None]
    name: Mapped[str]
    goal: Mapped[Goal]
    variants: Mapped[list[Variant]] = mapped_column(JSONB)
    ended_at: Mapped[datetime | None]
    winner: Mapped[str | None]
    counted_through: Mapped[date | None]

    project: Mapped[Project] = relationship()
    video: Mapped[Video | None] = relationship()

    @property
    def subject(self) -> Subject:
        names: dict[str, Any] = {"experiment": {"id": self.id}}
        if self.video is not None:
            names |= self.video.names
        else:
            uid = str(self.project.uid)
            names["share"] = {"project_id": uid, "channel": self.channel}
        return Subject(
            "experiment",
            str(self.id),
            self.project.organization_id,
            self.project_id,
            self.video.sub_account_id if self.video else None,
            names,
        )

    @property
    def state(self) -> State:
        if self.ended_at is None:
            return State.RUNNING
        return State.STOPPED if self.winner is None else State.DECIDED

    @property
    def owner(self) -> Owner:
        if self.video_id is not None:
            return Owner(video_id=self.video_id)
        return Owner(project_id=self.project_id, channel=self.channel)

    @property
    def cache_keys(self) -> Sequence[str]:
        return (self.video.cache_key,) if self.video else ()

    def look(self, key: str) -> Look | None:
        """Return the look of a variant; None if it has no such variant."""
        return next((each["look"] for each in self.variants if each["key"] == key), None)

    def end(self, now: datetime, winner: str | None) -> None:
        self.ended_at, self.winner = now, winner

    def audit_state(self) -> dict[str, Any]:
        """Return what the ledger compares."""
        return {
            "name": self.name,
            "goal": self.goal,
            "variants": {
                each["key"]: {"weight": each["weight"], **each["look"]} for each in self.variants
            },
            "state": self.state,
            "winner": self.winner,
        }


class PageLook(Model):
    """The look of the page of a video or share when no experiment runs.

    `owner` is as `Owner.name` says it.
    """

    __tablename__ = "page_looks"

    owner: Mapped[str] = mapped_column(primary_key=True)
    look: Mapped[dict[str, Any]]


class ExperimentCount(Model):
    """The deeds of the visitors of a day, or of those of one guest link at all times.

    `unit` is a day (UTC) such as `2026-11-27`, with the number of its visitors, or `link:9`, which
    is one unit however often it was opened.
    """

    __tablename__ = "experiment_counts"

    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiments.id"), primary_key=True)
    variant: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    units: Mapped[int]
    play: Mapped[int]
    complete: Mapped[int]
    cta: Mapped[int]
