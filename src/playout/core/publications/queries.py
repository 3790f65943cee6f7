"""Every query about publications."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from playout.core.media.model import Asset
from playout.core.publications.model import Publication, Slug
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Video
from playout.core.videos.queries import WITHOUT_SCRIPT
from playout.kit.database.statements import PlainRow, Statement, parameter

Position = tuple[datetime, str]
"""The time and the id of a publication: its place in the order of publications."""


@dataclass(frozen=True, slots=True)
class PublishedVideo:
    """A publication with its video, and the asset that plays unless it is on another site."""

    publication: Publication
    video: Video
    asset: Asset | None

    @property
    def place(self) -> Position:
        return self.publication.created_at, self.publication.id


PUBLICATION = PlainRow(Publication, [each.key for each in Publication.__mapper__.column_attrs])
OF_VIDEO = select(Publication).where(Publication.video_id == bindparam("video_id"))
_OF = select(*PUBLICATION.columns(Publication)).join(Video, Video.id == Publication.video_id)
OF_LOCKED_VIDEO = Statement(_OF.where(Video.id == parameter("video_id")))
OF_LOCKED_SESSION = Statement(_OF.where(Video.session_id == parameter("session_id")))


def of_video(unit: WriteUnit, video: Video) -> Publication | None:
    """Return the publication of a locked video."""
    for statement, values in (
        (OF_LOCKED_VIDEO, {"video_id": video.id}),
        (OF_LOCKED_SESSION, {"session_id": video.session_id}),
    ):
        rows = unit.read_with(statement, values)
        if rows is not None:
            return PUBLICATION.entity(unit.session, rows[0]) if rows else None
    return unit.session.scalar(OF_VIDEO, {"video_id": video.id})


def of_videos(unit: ReadUnit, video_ids: set[int]) -> dict[int, Publication]:
    """Return the publications of videos that the caller may see, by the ids of the videos."""
    query = select(Publication).where(Publication.video_id.in_(video_ids))
    rows = unit.session.scalars(query) if video_ids else ()
    return {publication.video_id: publication for publication in rows}


def feed(
    session: Session, limit: int, before: tuple[datetime, str] | None = None
) -> list[PublishedVideo]:
    """Return what everybody may see, newest first.

    `before` is the time and the id of the last publication of the page before.
    """
    query = _published().where(Publication.is_public).limit(limit)
    query = query.order_by(Publication.created_at.desc(), Publication.id.desc())
    if before is not None:
        query = query.where(tuple_(Publication.created_at, Publication.id) < before)
    return [PublishedVideo(*row) for row in session.execute(query)]


def title(session: Session, uid: UUID) -> str | None:
    """Return the title under which a video is published, or its own if it has no such title.

    The caller has checked that the request may have the files of the video.
    """
    query = select(func.coalesce(Publication.title, Video.title)).join_from(
        Video, Publication, Publication.video_id == Video.id, isouter=True
    )
    return session.scalar(query.where(Video.uid == uid))


def oldest_public(
    session: Session, limit: int, after: Position | None = None
) -> list[PublishedVideo]:
    """Return videos that everybody may see, oldest first.

    `after` is the place of the last one before these.
    """
    query = _published().where(Publication.is_public).limit(limit)
    query = query.order_by(Publication.created_at, Publication.id)
    if after is not None:
        query = query.where(tuple_(Publication.created_at, Publication.id) > after)
    return [PublishedVideo(*row) for row in session.execute(query)]


def public_places(session: Session, every: int) -> list[Position]:
    """Return the place of every so many-th public video, oldest first, unless it is the last."""
    place = (Publication.created_at, Publication.id)
    number = func.row_number().over(order_by=place).label("number")
    following = func.lead(Publication.id).over(order_by=place).label("following")
    numbered = select(*place, number, following).where(Publication.is_public).subquery()
    chosen = select(numbered.c.created_at, numbered.c.id).where(
        numbered.c.number % every == 0, numbered.c.following.is_not(None)
    )
    found = session.execute(chosen.order_by(numbered.c.created_at, numbered.c.id))
    return [(row.created_at, row.id) for row in found]


def by_slug(session: Session, slug: str) -> PublishedVideo | None:
    """Return the video that is published under that slug, or was before.

    `may_watch` decides who may see it.
    """
    video_id = select(Slug.video_id).where(Slug.slug == slug).scalar_subquery()
    row = session.execute(_published().where(Publication.video_id == video_id)).one_or_none()
    return None if row is None else PublishedVideo(*row)


def _published() -> Select[Publication, Video, Asset | None]:
    return (
        select(Publication, Video, Asset)
        .join(Video, Video.id == Publication.video_id)
        .outerjoin(Asset, Asset.id == Video.asset_id)
        .where(Video.is_draft.is_(False), Video.deleted_at.is_(None))
        .options(*WITHOUT_SCRIPT)
    )
