"""The tables of experiments, and of how pages look when nothing is tried on them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, TypedDict

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from playout.core.analytics.subjects import variant_subject
from playout.core.ledger.model import Subject
from playout.core.ledger.recordable import Authored, Recordable
from playout.core.projects.channel import Channel
from playout.core.shares.model import Share
from playout.core.videos.model import Video
from playout.kit.database.engine import Model
from playout.kit.errors import require_found

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


class PageKind(StrEnum):
    """The kind of a page with variants. The pages of all guest links of a video are one."""

    WATCH = "watch"
    LINKS = "links"
    SHARE = "share"


Autoplay = Literal["off", "muted", "sound"]


class Look(TypedDict, total=False):
    """The ways in which a page differs from what its video or its share says.

    What is left out stays.
    """

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


def page_of_video(kind: PageKind, video_id: int) -> str:
    """Return the name of the watch page of a video, or of the pages of its guest links."""
    return f"{kind}:{video_id}"


def page_of_share(project_id: int, channel: Channel) -> str:
    """Return the name of the page of a share."""
    return f"{PageKind.SHARE}:{project_id}:{channel}"


class Experiment(Recordable, Authored, Model):
    """Variants of a page, from its creation until `ended_at`.

    It belongs to a video or to a share, which `page` names. `counted_through` is the last day
    (UTC) that `experiment_counts` contains.
    """

    __tablename__ = "experiments"
    __table_args__ = (
        ForeignKeyConstraint(("project_id", "channel"), ("shares.project_id", "shares.channel")),
        Index(None, "video_id", "id"),
        Index(None, "project_id", "channel", "id"),
        Index(
            "ix_experiments_running",
            "page",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    page: Mapped[str]
    video_id: Mapped[int | None] = mapped_column(ForeignKey("videos.id"))
    project_id: Mapped[int | None]
    channel: Mapped[Channel | None]
    name: Mapped[str]
    goal: Mapped[Goal]
    variants: Mapped[list[Variant]] = mapped_column(JSONB)
    ended_at: Mapped[datetime | None]
    winner: Mapped[str | None]
    counted_through: Mapped[date | None]

    video: Mapped[Video | None] = relationship()
    share: Mapped[Share | None] = relationship()

    @property
    def kind(self) -> PageKind:
        return PageKind(self.page.partition(":")[0])

    @property
    def subject(self) -> Subject:
        """Return the experiment; of one on the page of a share, that share and its audit trail."""
        if self.share is not None:
            subject = self.share.subject
            return replace(subject, names={**subject.names, "experiment": {"id": self.id}})
        video = self.video
        assert video is not None  # noqa: S101  for the type checker
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
        return (self.video.cache_key,) if self.video else ()

    def look(self, key: str) -> Look | None:
        """Return the look of a variant; None if it has no such variant."""
        return next((each["look"] for each in self.variants if each["key"] == key), None)

    def subject_of(self, key: str) -> str:
        """Return what the events of a variant are counted for. Raise `NotFound`."""
        require_found(self.look(key), "variant")
        return variant_subject(self.id, key)

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
    """The look that a page keeps of the winner of an experiment."""

    __tablename__ = "page_looks"

    page: Mapped[str] = mapped_column(primary_key=True)
    look: Mapped[dict[str, Any]]


class ExperimentCount(Model):
    """The visitors of a day (UTC) who saw a variant, and how many of them did what."""

    __tablename__ = "experiment_counts"

    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiments.id"), primary_key=True)
    variant: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    visitors: Mapped[int]
    play: Mapped[int]
    complete: Mapped[int]
    cta: Mapped[int]


class ExperimentLink(Model):
    """A guest link whose page showed a variant, and what its visitors did on days that are over."""

    __tablename__ = "experiment_links"

    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiments.id"), primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("guest_links.id"), primary_key=True)
    variant: Mapped[str]
    play: Mapped[bool]
    complete: Mapped[bool]
    cta: Mapped[bool]
