"""The tables of experiments, and of how pages look when nothing is tried on them."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, TypedDict

from sqlalchemy import ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from playout.core.ledger.model import Subject
from playout.core.ledger.recordable import Authored, Recordable
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


class Experiment(Recordable, Authored, Model):
    """Variants of the page of a video, from its creation until `ended_at`.

    `counted_through` is the last day (UTC) that `experiment_counts` contains.
    """

    __tablename__ = "experiments"
    __table_args__ = (
        Index(None, "video_id", "id"),
        Index(
            "ix_experiments_running",
            "video_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"))
    name: Mapped[str]
    goal: Mapped[Goal]
    variants: Mapped[list[Variant]] = mapped_column(JSONB)
    ended_at: Mapped[datetime | None]
    winner: Mapped[str | None]
    counted_through: Mapped[date | None]

    video: Mapped[Video] = relationship()

    @property
    def subject(self) -> Subject:
        video = self.video
        return Subject(
            "experiment",
            str(self.id),
            video.organization_id,
            video.project_id,
            video.sub_account_id,
            {"experiment": {"id": self.id}, **video.names},
        )

    @property
    def state(self) -> State:
        if self.ended_at is None:
            return State.RUNNING
        return State.STOPPED if self.winner is None else State.DECIDED

    @property
    def cache_keys(self) -> Sequence[str]:
        return (self.video.cache_key,)

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
    """The look of the page of a video when no experiment runs."""

    __tablename__ = "page_looks"

    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"), primary_key=True)
    look: Mapped[dict[str, Any]]


class ExperimentCount(Model):
    """The visitors of a day (UTC) who saw a variant, and how many of them did what."""

    __tablename__ = "experiment_counts"

    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiments.id"), primary_key=True)
    variant: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    units: Mapped[int]
    play: Mapped[int]
    complete: Mapped[int]
    cta: Mapped[int]
