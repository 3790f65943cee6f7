"""The table of captions."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from playout.core.ledger.recordable import Timestamped
from playout.kit.database.engine import Model


class CaptionOrigin(StrEnum):
    """The origin of captions."""

    UPLOADED = "uploaded"
    EMBEDDED = "embedded"
    """The source of the video contains them."""


class Caption(Timestamped, Model):
    """The captions of a video in one language. They stay when another asset plays.

    Each text has a version of its own, so the text behind a URL never changes.
    """

    __tablename__ = "captions"
    __table_args__ = (UniqueConstraint("video_id", "language"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"))
    version: Mapped[UUID] = mapped_column(unique=True)
    language: Mapped[str]
    """A BCP 47 tag."""
    label: Mapped[str]
    origin: Mapped[CaptionOrigin] = mapped_column(
        default=CaptionOrigin.UPLOADED, server_default=CaptionOrigin.UPLOADED
    )
    is_default: Mapped[bool]
    text: Mapped[str] = mapped_column(deferred=True)
    """A whole WebVTT file."""
    size: Mapped[int]
    """Bytes of the text."""
    cues: Mapped[int]
    """The number of cues in the text."""

    def audit_state(self) -> dict[str, Any]:
        """Return what the ledger compares before and after a change."""
        names = ("language", "label", "origin", "is_default", "cues")
        return {name: getattr(self, name) for name in names} | {"version": str(self.version)}
