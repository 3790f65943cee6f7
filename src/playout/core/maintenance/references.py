"""Find the files in the storage that rows name, by the folder that they are in.

Each function takes keys and returns those that must stay: keys that are referenced, and keys of a
form that it does not know.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, select, update
from sqlalchemy.orm import Session

from playout.core.film_templates.model import FilmTemplate
from playout.core.media.model import Asset, Rendition
from playout.core.media.replaced_versions import ReplacedVersion
from playout.core.renders.model import FilmBase, RenderedSegment
from playout.core.uploads.model import Upload
from playout.core.videos.model import Video
from playout.core.videos.queries import holding

VERSIONS = (
    Asset.version,
    Asset.mp4_version,
    Asset.pictures_version,
    Video.poster_version,
    ReplacedVersion.version,
)
"""The columns that name a folder `media/{video}/{version}`, beside those of renditions. Every new
column that names one must be added here."""

FindReferenced = Callable[[Session, Iterable[str], datetime], set[str]]


def packages(session: Session, keys: Iterable[str], deleted_before: datetime) -> set[str]:
    """Return the keys `media/{video}/{version}/…` that must stay.

    A row names them, and their video was not deleted before `deleted_before`.
    """
    videos = {key: _uuid(key, 1) for key in keys}
    versions = {key: _uuid(key, 2) for key in keys}
    folders = {key: key.rpartition("/")[0] for key in keys}
    listed = _found(session, Rendition.folder, folders.values())
    # An index finds nearly all of them as renditions; few are left for the other columns.
    left = {versions[key] for key in keys if folders[key] not in listed}
    named = {version for column in VERSIONS for version in _found(session, column, left)}
    deleted = _deleted(session, videos.values(), deleted_before)

    def is_referenced(key: str) -> bool:
        if videos[key] is None or versions[key] is None:
            return True
        is_named = folders[key] in listed or versions[key] in named
        return is_named and videos[key] not in deleted

    return {key for key in keys if is_referenced(key)}


def sources(session: Session, keys: Iterable[str], deleted_before: datetime) -> set[str]:
    """Return the keys `sources/{video}/{asset}` that must stay.

    An asset names them, and either their video was not deleted before `deleted_before`, or another
    video has an asset with the same file.
    """
    videos = {key: _uuid(key, 1) for key in keys}
    # The asset in its key names nearly every file; few are left for the second query.
    own = Asset.id.in_({_uuid(key, 2) for key in keys} - {None})
    named = _found(session, Asset.source_key, keys, own)
    named |= _found(session, Asset.source_key, set(keys) - named)
    deleted = _deleted(session, videos.values(), deleted_before)
    doubtful = {key for key in named if videos.get(key) in deleted}
    held = _found(session, Asset.source_key, doubtful, holding(Asset.id, deleted_before))
    return {key for key in keys if videos[key] is None or key in held or key in named - doubtful}


def parts(session: Session, keys: Iterable[str], deleted_before: datetime) -> set[str]:  # noqa: ARG001
    """Return the keys `uploads/{upload}/…` of uploads that exist."""
    uploads = {key: _uuid(key, 1) for key in keys}
    existing = _found(session, Upload.id, uploads.values())
    return {key for key, upload in uploads.items() if upload is None or upload in existing}


def film_templates(session: Session, keys: Iterable[str], deleted_before: datetime) -> set[str]:  # noqa: ARG001
    """Return the keys `templates/{template}/…` of film templates that exist."""
    templates = {key: _uuid(key, 1) for key in keys}
    existing = _found(session, FilmTemplate.id, templates.values())
    return {key for key, each in templates.items() if each is None or each in existing}


def film_bases(session: Session, keys: Iterable[str], deleted_before: datetime) -> set[str]:  # noqa: ARG001
    """Return the keys `films/{base}/{attempt}/…` of bases that exist."""
    folders = {key: key.rpartition("/")[0] for key in keys}
    existing = _found(session, FilmBase.folder, folders.values())
    return {key for key in keys if _uuid(key, 1) is None or folders[key] in existing}


def rendered_segments(session: Session, keys: Iterable[str], deleted_before: datetime) -> set[str]:  # noqa: ARG001
    """Return the keys `renders/{base}/…` of segments that some film shows."""
    existing = _found(session, RenderedSegment.file, keys)
    return {key for key in keys if _uuid(key, 1) is None or key in existing}


def clear_references(session: Session, keys: Iterable[str]) -> None:
    """Clear the references of rows to sources that are about to be removed.

    Such sources no longer count for the quota of their organization.
    """
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
    """Return those of the values that the column has, in rows that meet the conditions."""
    wanted = set(values) - {None}
    return (
        set(session.scalars(select(column).where(column.in_(wanted), *where))) if wanted else set()
    )


def _uuid(key: str, place: int) -> UUID | None:
    """Return the UUID at that place of a key. A file that was never finished has `#1` after it."""
    names = key.split("/")
    try:
        return UUID(names[place].partition("#")[0])
    except (IndexError, ValueError):
        return None
