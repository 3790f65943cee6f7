"""The table of versions of files that were replaced."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from playout.kit.database.engine import Model


class ReplacedVersion(Model):
    """A version of files that a video had. Players that started with it may have it for a while.

    It ends at the time `until`, and before that when the grants of its video are revoked: `epoch`
    is the video's when it was replaced.
    """

    __tablename__ = "replaced_versions"
    __table_args__ = (Index(None, "video_id"), Index(None, "until"))

    version: Mapped[UUID] = mapped_column(primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"))
    epoch: Mapped[int]
    part: Mapped[str]
    """The part of the video that it was: `source`, `poster` or `captions.{language}`."""
    until: Mapped[datetime]
    text: Mapped[str | None] = mapped_column(deferred=True)
    """The WebVTT file of captions. Other files are in the storage."""
