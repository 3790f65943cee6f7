"""Tables of bases, of renders, and of the segments that are rendered for them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from playout.core.accounts.model import RenderCredential
from playout.core.film_templates.model import FilmTemplate
from playout.core.ledger.model import Subject
from playout.core.ledger.recordable import Recordable
from playout.core.media.model import LostClaim
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.kit.database.engine import Model


class BaseState(StrEnum):
    """The state of a base."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class FilmBase(Model):
    """The film that all viewers of a template share: one asset of its video, cut for its drawings.

    Its files lie in `folder`. They never change.
    """

    __tablename__ = "film_bases"
    __table_args__ = (UniqueConstraint("template_id", "asset_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    template_id: Mapped[UUID] = mapped_column(ForeignKey("film_templates.id"))
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"), index=True)
    state: Mapped[BaseState] = mapped_column(default=BaseState.WAITING)
    claim: Mapped[UUID | None]
    """The attempt that works on it; a later one takes it over."""
    reason: Mapped[str | None]
    """A sentence for a person, if it failed."""
    layout: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    created_at: Mapped[datetime]
    folder: Mapped[str | None]
    """The key of the folder of its files: `films/{base}/{attempt}`."""

    template: Mapped[FilmTemplate] = relationship()

    def start(self, claim: UUID) -> None:
        """Let a worker begin. A worker before it has lost its claim."""
        self.claim = claim

    def finish(self, claim: UUID, folder: str, layout: dict[str, Any]) -> None:
        """Note that all files are stored. Raise `LostClaim` if another worker has taken it over."""
        self.check_claim(claim)
        self.state, self.claim = BaseState.READY, None
        self.folder, self.layout = folder, layout

    def fail(self, claim: UUID, reason: str) -> None:
        """Note that there will be no base. Raise `LostClaim`."""
        self.check_claim(claim)
        self.state, self.claim, self.reason = BaseState.FAILED, None, reason

    def check_claim(self, claim: UUID) -> None:
        """Raise `LostClaim` unless that worker holds the claim."""
        if self.claim != claim:
            raise LostClaim("Another worker has taken the base over.")


class Render(Recordable, Model):
    """The film of one viewer, until it expires or is deleted."""

    __tablename__ = "renders"
    __table_args__ = (Index(None, "expires_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    channel: Mapped[Channel]
    base_id: Mapped[UUID] = mapped_column(ForeignKey("film_bases.id"), index=True)
    credential_id: Mapped[UUID | None] = mapped_column(ForeignKey("render_credentials.id"))
    """The render credential that created it. It plays only as long as that is not revoked."""
    slug: Mapped[str] = mapped_column(unique=True)
    """The unguessable part of its address."""
    data: Mapped[bytes]
    """The data of the viewer, encrypted."""
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    project: Mapped[Project] = relationship()
    base: Mapped[FilmBase] = relationship()
    credential: Mapped[RenderCredential | None] = relationship()

    @property
    def subject(self) -> Subject:
        names = {"render": {"project_id": str(self.project.uid), "id": str(self.id)}}
        return Subject("render", str(self.id), self.organization_id, self.project_id, names=names)


class RenderedSegment(Model):
    """A segment that was drawn over and encoded, for all viewers who see the same in it."""

    __tablename__ = "rendered_segments"

    digest: Mapped[str] = mapped_column(primary_key=True)
    """A keyed hash of the base, the rendition, the segment and what is drawn over it."""
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    file: Mapped[str]
    """The key of its file."""
    size: Mapped[int]
    made_at: Mapped[datetime]


class SegmentUse(Model):
    """A film that shows a rendered segment. A segment goes with the last film that shows it."""

    __tablename__ = "rendered_segment_uses"

    film: Mapped[str] = mapped_column(primary_key=True)
    """The slug of a render or of a share."""
    digest: Mapped[str] = mapped_column(
        ForeignKey("rendered_segments.digest"), primary_key=True, index=True
    )
    used_at: Mapped[datetime]
