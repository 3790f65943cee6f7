"""Every query about uploads, each limited to what the caller may see."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from playout.core.accounts.model import Organization
from playout.core.media.model import Asset
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.uploads.model import Upload, UploadPart
from playout.core.videos.model import Video
from playout.core.videos.queries import holding, visible
from playout.kit.storage.multipart import Part


def by_id(unit: ReadUnit, upload_id: UUID) -> Upload | None:
    """Return an upload to a video that the caller may see, unless it expired unfinished."""
    return unit.session.scalar(_visible(unit, upload_id))


def for_update(unit: WriteUnit, upload_id: UUID) -> Upload | None:
    return unit.session.scalar(_visible(unit, upload_id).with_for_update())


def asset(unit: ReadUnit, asset_id: UUID) -> Asset | None:
    """Return the asset of a complete upload; for workers, who act for every organization."""
    return unit.session.get(Asset, asset_id)


def parts(unit: ReadUnit, upload_id: UUID) -> list[Part]:
    """Return the stored parts of an upload, in order."""
    query = select(UploadPart).where(UploadPart.upload_id == upload_id).order_by(UploadPart.start)
    return [Part(each.key, each.size) for each in unit.session.scalars(query)]


def lock_quota(unit: WriteUnit, organization_id: int) -> None:
    """Let no other upload of the organization begin until the commit; all else goes on."""
    organization = select(Organization.id).where(Organization.id == organization_id)
    unit.session.execute(organization.with_for_update(key_share=True))


def used_bytes(unit: ReadUnit, organization_id: int) -> int:
    """Return the bytes of an organization's sources, each file once, and of its open uploads."""
    file = func.coalesce(Asset.source_key, Asset.id.cast(Text))
    files = (
        select(func.max(Asset.source_size).label("size"))
        .where(Asset.organization_id == organization_id)
        .group_by(file)
        .subquery()
    )
    stored = unit.session.scalar(select(func.sum(files.c.size)))
    incoming = unit.session.scalar(
        select(func.sum(Upload.length)).where(
            Upload.organization_id == organization_id,
            Upload.offset < Upload.length,
            Upload.expires_at > unit.now,
        )
    )
    return int(stored or 0) + int(incoming or 0)


def duplicates(unit: ReadUnit, asset: Asset, sha256: str) -> list[str]:
    """Return the keys of the same file that its organization has already, newest first.

    Files of deleted videos do not count: garbage collection removes them one day.
    """
    its_video = Video.uid == func.split_part(Asset.source_key, "/", 2).cast(Uuid)
    query = (
        select(Asset.source_key)
        .where(
            Asset.organization_id == asset.organization_id,
            Asset.source_sha256 == sha256,
            Asset.source_size == asset.source_size,
            Asset.source_key.is_not(None),
            or_(holding(Asset.id, unit.now), exists().where(its_video, Video.deleted_at.is_(None))),
        )
        .order_by(Asset.id.desc())
        .limit(3)
    )
    return [key for key in unit.session.scalars(query) if key is not None]


def expired(session: Session, now: datetime, limit: int) -> list[Upload]:
    """Return expired uploads, except those whose parts are still to be joined."""
    joining = exists().where(
        Asset.id == Upload.id,
        Asset.source_key.is_(None),
        Video.id == Upload.video_id,
        Video.deleted_at.is_(None),
    )
    query = select(Upload).where(Upload.expires_at <= now, ~joining)
    return list(session.scalars(query.limit(limit)))


def remove(session: Session, uploads: Iterable[Upload]) -> None:
    """Delete the rows of uploads, and with them those of their parts."""
    session.execute(delete(Upload).where(Upload.id.in_([upload.id for upload in uploads])))


def _visible(unit: ReadUnit, upload_id: UUID) -> Select[Upload]:
    videos = visible(unit.principal).with_only_columns(Video.id)
    kept = or_(Upload.expires_at > unit.now, Upload.offset == Upload.length)
    return select(Upload).where(Upload.id == upload_id, kept, Upload.video_id.in_(videos))
