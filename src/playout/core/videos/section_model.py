"""The table of the sections of videos."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from playout.core.ledger.recordable import Authored
from playout.core.videos.model import Status
from playout.kit.database.engine import Model
from playout.kit.ids import uuid7


class Section(Authored, Model):
    """A part of a video, as the tool that created the video divides it."""

    __tablename__ = "sections"
    __table_args__ = (Index(None, "video_id", "order"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    uid: Mapped[UUID] = mapped_column(unique=True, default=uuid7)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"))
    order: Mapped[int]
    title: Mapped[str | None]
    content: Mapped[Any] = mapped_column(JSONB)
    duration: Mapped[int | None]
    """Seconds."""
    video_file: Mapped[str | None]
    audio_file: Mapped[str | None]
    thumbnail: Mapped[str | None]
    section_summary: Mapped[str | None]
    internal_notes: Mapped[str | None]
    page_numbers: Mapped[str | None]
    alignment_data: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    audio_ready: Mapped[bool] = mapped_column(default=False)
    visuals_ready: Mapped[bool] = mapped_column(default=False)
    is_assembling: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    status: Mapped[Status] = mapped_column(default=Status.NOT_STARTED)
    rag_documents: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None]
