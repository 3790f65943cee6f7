"""Every query about publications."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CTE, Select, bindparam, func, select, true, tuple_
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
    query = published().where(Publication.is_public).limit(limit)
    query = query.order_by(Publication.created_at, Publication.id)
    if after is not None:
        query = query.where(tuple_(Publication.created_at, Publication.id) > after)
    return [PublishedVideo(*row) for row in session.execute(query)]


def public_places(session: Session, every: int) -> list[Position]:
    """Return the place of every so many-th public video, oldest first, unless it is the last.

    The index of the feed suffices: no row is read, numbered or sorted.
    """
    first = _places().offset(every - 1).limit(1).subquery()
    found = select(first.c.created_at, first.c.id).cte("found", recursive=True)
    next_one = _places(found).offset(every - 1).limit(1).lateral("next_one")
    found = found.union_all(
        select(next_one.c.created_at, next_one.c.id).select_from(found.join(next_one, true()))
    )
    is_followed = _places(found).limit(1).exists()
    rows = session.execute(select(found.c.created_at, found.c.id).where(is_followed))
    return sorted((row.created_at, row.id) for row in rows)


def _places(after: CTE | None = None) -> Select[datetime, str]:
    """Select the places of public videos, oldest first; those that follow the places of `after`."""
    place = (Publication.created_at, Publication.id)
    query = select(*place).where(Publication.is_public).order_by(*place)
    if after is not None:
        query = query.where(tuple_(*place) > tuple_(after.c.created_at, after.c.id))
        query = query.correlate(after)
    return query


def by_slug(session: Session, slug: str) -> PublishedVideo | None:
    """Return the video that is published under that slug, or was before.

    `may_watch` decides who may see it.
    """
    video_id = select(Slug.video_id).where(Slug.slug == slug).scalar_subquery()
    row = session.execute(published().where(Publication.video_id == video_id)).one_or_none()
    return None if row is None else PublishedVideo(*row)


def public(session: Session, publication_id: str) -> PublishedVideo | None:
    """Return a video that everybody may see, by the id of its publication."""
    query = published().where(Publication.id == publication_id, Publication.is_public)
    row = session.execute(query).one_or_none()
    return None if row is None else PublishedVideo(*row)


def number_of_public(unit: ReadUnit) -> int:
    """Return how many videos everybody may see."""
    query = select(func.count()).select_from(Publication).where(Publication.is_public)
    return unit.session.scalars(query).one()


Shape = tuple[str | None, int | None, int | None]
"""The aspect ratio of a video as somebody wrote it, and its width and height in pixels."""


def shapes(unit: ReadUnit, publication_ids: Collection[str]) -> dict[str, Shape]:
    """Return the shapes of videos by the ids of their publications, which are public."""
    ratio = func.coalesce(Publication.aspect_ratio, Video.aspect_ratio)
    query = (
        select(Publication.id, ratio, Asset.width, Asset.height)
        .join(Video, Video.id == Publication.video_id)
        .outerjoin(Asset, Asset.id == Video.asset_id)
        .where(Publication.id.in_(publication_ids))
    )
    rows = unit.session.execute(query)
    return {each: (text, width, height) for each, text, width, height in rows}


def published() -> Select[Publication, Video, Asset | None]:
    """Return the query of published videos, public or not. Each row makes a `PublishedVideo`."""
    return (
        select(Publication, Video, Asset)
        .join(Video, Video.id == Publication.video_id)
        .outerjoin(Asset, Asset.id == Video.asset_id)
        .where(Video.is_draft.is_(False), Video.deleted_at.is_(None))
        .options(*WITHOUT_SCRIPT)
    )
