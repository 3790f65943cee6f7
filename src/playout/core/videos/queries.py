"""Every query about videos.

Those that take a unit are confined to what the caller may see, or take something that the caller
may see. Those that take a session serve files: their callers ask first who may have them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Exists,
    Row,
    Select,
    SQLColumnExpression,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, defer

from playout.core.catalog.model import Tag
from playout.core.media.captions import Caption
from playout.core.media.model import Asset, Rendition
from playout.core.media.replaced_versions import ReplacedVersion
from playout.core.permissions import Role
from playout.core.principal import Principal, Reach, with_parameters
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Status, Video, Visibility
from playout.core.videos.section_model import Section
from playout.kit.database.statements import PlainRow, Statement, parameter

WITHOUT_SCRIPT = tuple(defer(each, raiseload=True) for each in (Video.generated_script, Video.plan))
"""Loads a video without its large columns: the script alone may have 200,000 characters."""
WHOLE = PlainRow(
    Video, [each.key for each in Video.__mapper__.column_attrs if each.key != "search"]
)
SMALL = PlainRow(Video, [name for name in WHOLE.names if name not in {"generated_script", "plan"}])
"""The columns of a video without the large ones."""
SESSION_FOR_UPDATE = Statement(
    select(*SMALL.columns(Video))
    .where(Video.session_id == parameter("session_id"), Video.deleted_at.is_(None))
    .with_for_update(of=Video)
)
INSERT = insert(Video).returning(Video, sort_by_parameter_order=True)


def insert_videos(unit: WriteUnit, rows: Sequence[Mapping[str, Any]]) -> list[Video]:
    """Insert videos in one statement; `rows` are values by column. Return them in that order."""
    return list(unit.session.scalars(INSERT, rows))


def by_id(unit: ReadUnit, video_id: int) -> Video | None:
    return unit.session.scalar(visible(unit.principal).where(Video.id == video_id))


def for_update(unit: WriteUnit, video_id: int) -> Video | None:
    """Return the video, locked, and read again if this unit of work had read it before."""
    values = {**unit.principal.parameters, "video_id": video_id}
    rows = unit.lock(_for_update(unit.principal.reach), values)
    return WHOLE.entity(unit.session, rows[0]) if rows else None


@lru_cache
def _for_update(reach: Reach) -> Statement:
    query = visible(with_parameters(reach)).where(Video.id == parameter("video_id"))
    return Statement(query.with_only_columns(*WHOLE.columns(Video)).with_for_update(of=Video))


def lock_if_free(unit: WriteUnit, video_id: int) -> Video | None:
    """Return a video, locked; None if it is deleted, or if somebody else has it locked."""
    query = select(Video).where(Video.id == video_id, Video.deleted_at.is_(None))
    return unit.session.scalar(query.with_for_update(skip_locked=True))


def upcoming(unit: ReadUnit, limit: int) -> list[tuple[datetime, int]]:
    """Return the times and the ids of the videos that change next, for Playout itself."""
    query = select(Video.turns_at, Video.id).where(
        Video.deleted_at.is_(None), Video.turns_at.is_not(None)
    )
    rows = unit.session.execute(query.order_by(Video.turns_at).limit(limit))
    return [(at, video_id) for at, video_id in rows if at is not None]


def session_for_update(unit: WriteUnit, session_id: str) -> Video | None:
    """Return the video of a session, locked, of any organization: the use case decides whether to
    raise `Forbidden` or `NotFound`. It is the first that a unit of work reads."""
    rows = unit.lock(SESSION_FOR_UPDATE, {"session_id": session_id})
    return SMALL.entity(unit.session, rows[0]) if rows else None


def place_of_session(unit: ReadUnit, session_id: str) -> Row[int, int, int, int | None] | None:
    """Return the id of the video of a session, of any organization, and what it belongs to."""
    query = select(Video.id, Video.organization_id, Video.project_id, Video.sub_account_id)
    query = query.where(Video.session_id == session_id, Video.deleted_at.is_(None))
    return unit.session.execute(query).one_or_none()


def awaiting(unit: WriteUnit, asset_id: UUID) -> Video | None:
    """Return the video that waits for this asset, locked; None when no video does any more."""
    query = visible(unit.principal).where(Video.pending_asset_id == asset_id)
    return unit.session.scalar(query.with_for_update())


def playing(unit: WriteUnit, asset_id: UUID) -> Video | None:
    """Return the video that plays this asset, locked; None when no video does any more."""
    query = visible(unit.principal).where(Video.asset_id == asset_id)
    return unit.session.scalar(query.with_for_update())


def holding(asset_id: SQLColumnExpression[UUID], deleted_before: datetime) -> Exists:
    """Return the condition that a video plays the asset, waits for it, or may retry it.

    A video that was deleted after `deleted_before` still counts.
    """
    mine = or_(
        Video.asset_id == asset_id,
        Video.pending_asset_id == asset_id,
        Video.failed_asset_id == asset_id,
    )
    kept = or_(Video.deleted_at.is_(None), Video.deleted_at >= deleted_before)
    return exists().where(mine, kept)


def completed(unit: ReadUnit, limit: int) -> list[Video]:
    """Return videos that play, newest first."""
    query = visible(unit.principal).where(
        Video.status == Status.COMPLETED,
        or_(Video.asset_id.is_not(None), Video.external_url.is_not(None)),
    )
    return list(unit.session.scalars(query.order_by(Video.id.desc()).limit(limit)))


def playback_state(session: Session, uid: UUID) -> Row[*tuple[Any, ...]] | None:
    """Return what decides who may have the files of a video, and which files it has.

    The columns are those of `PlaybackState`, where the versions are still in several columns.
    """
    renditions = select(Rendition.folder).where(Rendition.asset_id == Video.asset_id).distinct()
    captions = select(Caption.version).where(Caption.video_id == Video.id)
    replaced = (
        select(ReplacedVersion)
        .where(ReplacedVersion.video_id == Video.id, ReplacedVersion.epoch == Video.epoch)
        .order_by(ReplacedVersion.version)
    )
    return session.execute(
        select(
            Video.epoch,
            Video.is_draft,
            Video.visibility,
            Video.organization_id,
            Video.project_id,
            Video.sub_account_id,
            Video.owner_id,
            Video.downloads,
            Video.password_hash,
            Video.unpublish_at,
            Video.visibility_at,
            Video.turns_at,
            Video.poster_version,
            Asset.version,
            Asset.mp4_version,
            Asset.pictures_version,
            _array(renditions).label("folders"),
            _array(captions).label("captions"),
            _array(replaced.with_only_columns(ReplacedVersion.version)).label("replaced"),
            _array(replaced.with_only_columns(ReplacedVersion.until)).label("ends"),
        )
        .outerjoin(Asset, Asset.id == Video.asset_id)
        .where(Video.uid == uid, Video.deleted_at.is_(None))
    ).one_or_none()


def _array(query: Select[Any]) -> ColumnElement[Any]:
    """Return the rows of a query of one column as an array in a row of the query around it."""
    column = query.selected_columns[0]
    return func.array(query.scalar_subquery(), type_=ARRAY(column.type))


def playing_asset(session: Session, uid: UUID) -> Asset | None:
    """Return the asset that a video plays."""
    return session.scalar(
        select(Asset).join(Video, Video.asset_id == Asset.id).where(Video.uid == uid)
    )


def asset_with_pictures(session: Session, uid: UUID, version: UUID) -> Asset | None:
    """Return the asset that a video plays, if that is the version of its pictures."""
    query = select(Asset).join(Video, Video.asset_id == Asset.id)
    return session.scalar(query.where(Video.uid == uid, Asset.pictures_version == version))


def playing_version(session: Session, uid: UUID, version: UUID) -> tuple[Video, Asset] | None:
    """Return a video and the asset that it plays, if that is the version of the asset."""
    query = select(Video, Asset).join(Asset, Asset.id == Video.asset_id)
    query = query.where(Video.uid == uid, Asset.version == version).options(*WITHOUT_SCRIPT)
    row = session.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def captions(session: Session, uid: UUID) -> list[Caption]:
    """Return the captions of a video, by language."""
    query = select(Caption).join(Video, Video.id == Caption.video_id).where(Video.uid == uid)
    return list(session.scalars(query.order_by(Caption.language)))


def caption_text(session: Session, uid: UUID, version: UUID) -> str | None:
    """Return the text of the captions of that version, also if it was replaced.

    The caller has checked that the version may still be served.
    """
    texts = (
        select(kind.text)
        .join(Video, Video.id == kind.video_id)
        .where(Video.uid == uid, kind.version == version)
        for kind in (Caption, ReplacedVersion)
    )
    return session.scalar(union_all(*texts))


def captioned_duration_ms(session: Session, uid: UUID, version: UUID) -> int | None:
    """Return the duration of the video that has captions of that version."""
    durations = (
        select(Asset.duration_ms)
        .join(Video, Video.asset_id == Asset.id)
        .join(kind, kind.video_id == Video.id)
        .where(Video.uid == uid, kind.version == version)
        for kind in (Caption, ReplacedVersion)
    )
    return session.scalar(union_all(*durations))


def sections(unit: ReadUnit, video_ids: Sequence[int]) -> list[Section]:
    """Return the sections of videos that the caller may see, in their order."""
    query = select(Section).where(Section.video_id.in_(video_ids), Section.deleted_at.is_(None))
    return list(unit.session.scalars(query.order_by(Section.order, Section.id)))


def section(unit: ReadUnit, video: Video, section_id: int) -> Section | None:
    query = select(Section).where(Section.id == section_id, Section.video_id == video.id)
    return unit.session.scalar(query.where(Section.deleted_at.is_(None)))


def published_with_tag(unit: WriteUnit, tag: Tag) -> list[Video]:
    """Return the published videos that have the tag, locked."""
    query = select(Video).where(*_has_tag(tag), Video.is_draft.is_(False)).order_by(Video.id)
    return list(unit.session.scalars(query.options(*WITHOUT_SCRIPT).with_for_update()))


def change_tagged(unit: WriteUnit, tag: Tag, **values: Any) -> None:
    """Change columns of every video that has the tag."""
    unit.session.execute(
        update(Video)
        .where(*_has_tag(tag))
        .values(updated_at=unit.now, updated_by=unit.principal.name, **values)
        .execution_options(synchronize_session=False)
    )


def _has_tag(tag: Tag) -> tuple[ColumnElement[bool], ...]:
    return Video.organization_id == tag.organization_id, Video.tag_ids.contains([tag.id])


def visible(principal: Principal) -> Select[Video]:
    """Return the query of the videos that a caller may see; every other query starts from it."""
    return _within_reach(principal).where(Video.deleted_at.is_(None))


def deleted_for_update(unit: WriteUnit, video_id: int, since: datetime) -> Video | None:
    """Return a video that was deleted since then, locked; None if there is none within reach."""
    query = _within_reach(unit.principal).where(Video.id == video_id, Video.deleted_at >= since)
    return unit.session.scalar(query.with_for_update(of=Video))


def _within_reach(principal: Principal) -> Select[Video]:
    query = select(Video).where(
        *principal.owned(Video.organization_id, Video.project_id, Video.sub_account_id)
    )
    if principal.role is Role.OWNER or principal.manages_videos:
        return query
    return query.where(_shown_to(principal))


def history_readable(principal: Principal, uid: ColumnElement[UUID]) -> Exists:
    """Return the condition that a caller may read the events of the video with that uid.

    Those who see the video may. Of a deleted one only those may who manage videos in its place.
    """
    query = exists().where(
        Video.uid == uid,
        *principal.owned(Video.organization_id, Video.project_id, Video.sub_account_id),
    )
    if principal.manages_videos:
        return query
    return query.where(Video.deleted_at.is_(None), _shown_to(principal))


def _shown_to(viewer: Principal) -> ColumnElement[bool]:
    """Return a condition for the videos within reach that a viewer may watch, and for drafts.

    It says in SQL what `playback.audience.may_watch` says of one video.
    """
    # Compared with None it would be IS NULL, and a video that a key created has no owner.
    is_owner = false() if viewer.user_id is None else Video.owner_id == viewer.user_id
    return or_(Video.is_draft, Video.visibility != Visibility.PRIVATE, is_owner)
