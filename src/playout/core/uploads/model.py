"""The tables of uploads and of the parts that have come in."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from playout.core.ledger.model import Subject
from playout.core.media.model import Asset, LostClaim
from playout.core.videos.model import Video
from playout.kit.db import Model
from playout.kit.errors import Conflict


class Upload(Model):
    """The source of a video on its way in: `offset` of its `length` bytes are here for good.

    One request at a time brings bytes, and holds the claim. The next request takes the claim over,
    since the one before may hang on a connection that is dead; bytes that come in without the claim
    do not count. Once it is whole, it is an asset with the same id.
    """

    __tablename__ = "uploads"
    __table_args__ = (Index(None, "organization_id"), Index(None, "expires_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"))
    length: Mapped[int]
    offset: Mapped[int] = mapped_column(default=0)
    said: Mapped[str]
    """What the client said of it, `Upload-Metadata`, as it was sent."""
    claim: Mapped[UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    @property
    def folder(self) -> str:
        """Where its parts are."""
        return f"uploads/{self.id}"

    @property
    def whole(self) -> bool:
        return self.offset == self.length

    def subject(self, video: Video) -> Subject:
        place = video.organization_id, video.project_id, video.sub_account_id
        return Subject("upload", str(self.id), *place)

    def take(self, offset: int) -> UUID:
        """Begin to bring the bytes from there on; return the claim. Raises `Conflict`."""
        if offset != self.offset:
            raise Conflict(f"The upload is at {self.offset:,} bytes, not at {offset:,}.")
        self.claim = uuid4()
        return self.claim

    def grow(self, claim: UUID, offset: int, now: datetime, lifetime: timedelta) -> None:
        """The bytes up to there are stored. Raises `LostClaim`."""
        if self.claim != claim:
            raise LostClaim("Another request has taken the upload over.")
        self.offset, self.expires_at = offset, now + lifetime


class UploadPart(Model):
    """A stored part of an upload: `size` bytes from `start` on."""

    __tablename__ = "upload_parts"

    upload_id: Mapped[UUID] = mapped_column(
        ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True
    )
    start: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    size: Mapped[int]


Index(None, Asset.organization_id, Asset.source_sha256)
"""For finding the same file again."""
