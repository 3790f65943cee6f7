"""Which files of the storage the rows point at, by the folder that they lie in.

Each function takes keys and returns those that are wanted; what it does not know the shape of is.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, select, update
from sqlalchemy.orm import Session

from playout.core.media.model import Asset, Rendition
from playout.core.uploads.model import Upload
from playout.core.videos.model import Video
from playout.core.videos.queries import holding

VERSIONS = (Asset.version, Asset.mp4_version, Asset.pictures_version, Video.poster_version)
"""The columns that name a folder `media/{video}/{version}`, beside those of renditions. Whoever
stores files under a version of its own adds its column."""

Wanted = Callable[[Session, Iterable[str], datetime], set[str]]


def packages(session: Session, keys: Iterable[str], deleted_before: datetime) -> set[str]:
    """Of `media/{video}/{version}/…`: what a row names, unless its video was deleted by then."""
    videos = {key: _uuid(key, 1) for key in keys}
    versions = {key: _uuid(key, 2) for key in keys}
    folders = {key: key.rpartition("/")[0] for key in keys}
    listed = _found(session, Rendition.folder, folders.values())
    # Nearly all are listed, which an index tells; few are left to be looked for.
    left = {versions[key] for key in keys if folders[key] not in listed}
    named = {version for column in VERSIONS for version in _found(session, column, left)}
    deleted = _deleted(session, videos.values(), deleted_before)

    def is_wanted(key: str) -> bool:
        if videos[key] is None or versions[key] is None:
            return True
        is_named = folders[key] in listed or versions[key] in named
        return is_named and videos[key] not in deleted

    return {key for key in keys if is_wanted(key)}


def sources(session: Session, keys: Iterable[str], deleted_before: datetime) -> set[str]:
    """Of `sources/{video}/{asset}`: what an asset names, unless its video was deleted by then and
    no other video holds an asset of the same file."""
    videos = {key: _uuid(key, 1) for key in keys}
    # Nearly all are named by the asset in their key; few are left to be looked for.
    own = Asset.id.in_({_uuid(key, 2) for key in keys} - {None})
    named = _found(session, Asset.source_key, keys, own)
    named |= _found(session, Asset.source_key, set(keys) - named)
    deleted = _deleted(session, videos.values(), deleted_before)
    doubtful = {key for key in named if videos.get(key) in deleted}
    held = _found(session, Asset.source_key, doubtful, holding(Asset.id, deleted_before))
    return {key for key in keys if videos[key] is None or key in held or key in named - doubtful}


def parts(session: Session, keys: Iterable[str], deleted_before: datetime) -> set[str]:  # noqa: ARG001
    """Of `uploads/{upload}/…`: what belongs to an upload."""
    uploads = {key: _uuid(key, 1) for key in keys}
    there = _found(session, Upload.id, uploads.values())
    return {key for key, upload in uploads.items() if upload is None or upload in there}


def let_go(session: Session, keys: Iterable[str]) -> None:
    """Have no row point at sources that are about to go; they take no room any more."""
    session.execute(
        update(Asset).where(Asset.source_key.in_(keys)).values(source_key=None, source_size=None)
    )


def _deleted(session: Session, uids: Iterable[UUID | None], before: datetime) -> set[UUID]:
    return _found(session, Video.uid, uids, Video.deleted_at < before)


def _found(
    session: Session,
    column: SQLColumnExpression[Any],
    values: Iterable[Any],
    *where: ColumnElement[bool],
) -> set[Any]:
    """Which of the values stand in that column."""
    wanted = set(values) - {None}
    return (
        set(session.scalars(select(column).where(column.in_(wanted), *where))) if wanted else set()
    )


def _uuid(key: str, place: int) -> UUID | None:
    """The UUID at that place of a key; what a killed process left has a number behind it."""
    names = key.split("/")
    try:
        return UUID(names[place].partition("#")[0])
    except (IndexError, ValueError):
        return None
