"""Every query about guest links.

Those that take a unit also take a video that the caller may see. Those that take a session serve
the public, which knows a slug.
"""

from sqlalchemy import Row, func, or_, select, update
from sqlalchemy.orm import Session

from playout.core.links.model import GuestLink
from playout.core.media.model import Asset
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Video
from playout.core.videos.queries import WITHOUT_SCRIPT


def page(unit: ReadUnit, video: Video, offset: int, limit: int) -> tuple[list[GuestLink], int]:
    """Return a page of the links of a video, newest first, and how many it has."""
    query = select(GuestLink).where(GuestLink.video_id == video.id).order_by(GuestLink.id.desc())
    count = select(func.count()).select_from(GuestLink).where(GuestLink.video_id == video.id)
    rows = unit.session.scalars(query.offset(offset).limit(limit))
    return list(rows), unit.session.scalar(count) or 0


def by_id(unit: ReadUnit, video: Video, link_id: int) -> GuestLink | None:
    query = select(GuestLink).where(GuestLink.id == link_id, GuestLink.video_id == video.id)
    return unit.session.scalar(query)


def for_update(unit: WriteUnit, video: Video, link_id: int) -> GuestLink | None:
    """Return a link of a video, locked."""
    query = select(GuestLink).where(GuestLink.id == link_id, GuestLink.video_id == video.id)
    return unit.session.scalar(query.with_for_update(of=GuestLink))


def by_slug(session: Session, slug: str) -> Row[GuestLink, Video, Asset | None] | None:
    """Return the link at that address, with its video and the asset that plays."""
    query = (
        select(GuestLink, Video, Asset)
        .join(Video, Video.id == GuestLink.video_id)
        .outerjoin(Asset, Asset.id == Video.asset_id)
        .where(GuestLink.slug == slug, Video.deleted_at.is_(None))
        .options(*WITHOUT_SCRIPT)
    )
    return session.execute(query).one_or_none()


def count_view(unit: WriteUnit, link_id: int) -> bool:
    """Count a visitor, in one statement. Return False when the link lets nobody in any more."""
    statement = (
        update(GuestLink)
        .where(
            GuestLink.id == link_id,
            GuestLink.revoked_at.is_(None),
            or_(GuestLink.expires_at.is_(None), GuestLink.expires_at > unit.now),
            or_(GuestLink.max_views.is_(None), GuestLink.views < GuestLink.max_views),
        )
        .values(views=GuestLink.views + 1)
        .returning(GuestLink.id)
    )
    return unit.session.scalar(statement) is not None
