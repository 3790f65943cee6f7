"""Tables of film templates, and of the one that each channel holds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from playout.compose.manifest.model import TemplateManifest, read_manifest
from playout.core.ledger.model import Subject
from playout.core.ledger.recordable import Authored, Recordable
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.kit.database.engine import Model

NAME_LENGTH = 255
OVERLAY = "overlay.json"
"""The name of the asset that is the animation of a template."""


class Kind(StrEnum):
    """The main part of a template: a manifest, or an animation."""

    RASTER = "Raster"
    LOTTIE = "LottieStandalone"


class State(StrEnum):
    """The state of a version. Only one version of a project is in production."""

    TESTING = "Testing"
    """It was never in the channel PROD."""
    PRODUCTION = "Production"
    """It is in the channel PROD."""
    PREVIOUS = "Previous"
    """It was the last one in the channel PROD before the one that is there now."""
    ARCHIVED = "Archived"


class StoredAsset(TypedDict):
    """A picture or a font of a template, in the storage."""

    name: str
    key: str
    size: int
    sha256: str


class Warning(TypedDict):
    """A sentence about something in a template that may not look as meant."""

    element: NotRequired[str]
    message: str


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """A template to create, with files that are stored already."""

    id: UUID
    name: str | None
    manifest: dict[str, Any]
    details: dict[str, Any] | None
    assets: list[StoredAsset]
    poster_key: str | None
    warnings: list[Warning]


class FilmTemplate(Recordable, Authored, Model):
    """A version of what is drawn over the film of a project. Only its state ever changes."""

    __tablename__ = "film_templates"
    __table_args__ = (UniqueConstraint("project_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    version: Mapped[int]
    name: Mapped[str]
    state: Mapped[State] = mapped_column(default=State.TESTING)
    manifest: Mapped[dict[str, Any]]
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """JSON that the client keeps with it (`templateJson`)."""
    assets: Mapped[list[StoredAsset]] = mapped_column(JSON)
    poster_key: Mapped[str | None]
    video_uid: Mapped[UUID] = mapped_column(ForeignKey("videos.uid"), index=True)
    warnings: Mapped[list[Warning]] = mapped_column(JSON)

    project: Mapped[Project] = relationship()

    @property
    def subject(self) -> Subject:
        names = {"film_template": {"project_id": str(self.project.uid), "id": str(self.id)}}
        return Subject(
            "film_template", str(self.id), self.organization_id, self.project_id, names=names
        )

    @property
    def kind(self) -> Kind:
        has_overlay = any(each["name"] == OVERLAY for each in self.assets)
        return Kind.LOTTIE if has_overlay else Kind.RASTER

    def parsed(self) -> TemplateManifest:
        """Return the manifest."""
        return read_manifest(self.manifest)

    def audit_state(self) -> dict[str, Any]:
        """Return what the ledger compares before and after a change."""
        return {
            "name": self.name,
            "version": self.version,
            "state": self.state,
            "video_id": self.video_uid,
        }


class FilmTemplateChannel(Model):
    """The template that a channel of a project holds. A channel without a row holds none."""

    __tablename__ = "film_template_channels"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    template_id: Mapped[UUID] = mapped_column(ForeignKey("film_templates.id"), index=True)
    published_by: Mapped[str]
    published_at: Mapped[datetime]
