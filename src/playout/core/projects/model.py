"""The table of projects."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from playout.core.ledger.model import Subject
from playout.core.ledger.recordable import Recordable
from playout.kit.database.engine import Model
from playout.kit.etags import etag_of
from playout.kit.ids import uuid7

NAME_LENGTH = 255


class ProjectStatus(StrEnum):
    """The status of a project. An archived one can be read, but not used."""

    DRAFT = "Draft"
    ACTIVE = "Active"
    ARCHIVED = "Archived"


class Project(Recordable, Model):
    """A container of videos in an organization."""

    __tablename__ = "projects"
    __table_args__ = (UniqueConstraint("organization_id", "slug"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    uid: Mapped[UUID] = mapped_column(unique=True, default=uuid7)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    slug: Mapped[str]
    status: Mapped[ProjectStatus] = mapped_column(default=ProjectStatus.ACTIVE)
    created_at: Mapped[datetime]
    embed_sites: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    """The sites that may show its videos in a frame, as `frame-ancestors` names them."""

    @property
    def subject(self) -> Subject:
        return Subject("project", str(self.uid), self.organization_id, self.id)

    @property
    def etag(self) -> str:
        """Return the entity tag (RFC 9110), which is a hash of what can change."""
        return etag_of(str(self.uid), self.name, self.status)

    @property
    def sites_etag(self) -> str:
        """Return the entity tag of the sites that may show its videos."""
        return etag_of(str(self.uid), self.embed_sites)

    def audit_state(self) -> dict[str, Any]:
        """Return what the ledger compares before and after a change."""
        return {"name": self.name, "status": self.status}
