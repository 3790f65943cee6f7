"""The tables of uploads and of the parts that are stored."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from playout.core.ledger.model import Subject
from playout.core.media.model import Asset, LostClaim
from playout.core.videos.model import Video
from playout.kit.database.engine import Model
from playout.kit.errors import Conflict


class Upload(Model):
    """The source of a video on its way in: `offset` of its `length` bytes are stored for good.

    One request at a time adds bytes, and holds the claim. The next request takes the claim over,
    since the connection of the one before may be dead. Bytes that come in without the claim do not
    count. A complete upload becomes an asset with the same id.
    """

    __tablename__ = "uploads"
    __table_args__ = (Index(None, "organization_id"), Index(None, "expires_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"))
    length: Mapped[int]
    offset: Mapped[int] = mapped_column(default=0)
    client_metadata: Mapped[str] = mapped_column("said")
    """`Upload-Metadata`, exactly as the client sent it."""
    replaces_at_once: Mapped[bool] = mapped_column(default=False, server_default="false")
    claim: Mapped[UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    @property
    def folder(self) -> str:
        """The folder of its parts in the storage."""
        return f"uploads/{self.id}"

    @property
    def is_complete(self) -> bool:
        return self.offset == self.length

    def subject(self, video: Video) -> Subject:
        place = video.organization_id, video.project_id, video.sub_account_id
        return Subject("upload", str(self.id), *place, names=video.names)

    def claim_at(self, offset: int) -> UUID:
        """Let a request add bytes from `offset` on, and return its claim.

        Raise `Conflict` if the upload has more or fewer bytes than that.
        """
        if offset != self.offset:
            raise Conflict(f"The upload is at {self.offset:,} bytes, not at {offset:,}.")
        self.claim = uuid4()
        return self.claim

    def advance(self, claim: UUID, offset: int, now: datetime, lifetime: timedelta) -> None:
        """Note that the bytes up to `offset` are stored. Raise `LostClaim`."""
        if self.claim != claim:
            raise LostClaim("Another request has taken the upload over.")
        self.offset, self.expires_at = offset, now + lifetime


class UploadPart(Model):
    """A stored part of an upload: `size` bytes from the byte `start` on."""

    __tablename__ = "upload_parts"

    upload_id: Mapped[UUID] = mapped_column(
        ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True
    )
    start: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    size: Mapped[int]


Index(None, Asset.organization_id, Asset.source_sha256)
"""For finding the same file again."""
