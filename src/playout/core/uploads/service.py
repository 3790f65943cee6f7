"""Use cases of uploads: open, look, take bytes, give up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from playout.core.media.model import Asset
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.uploads import queries
from playout.core.uploads.model import Upload, UploadPart
from playout.core.videos import service as videos
from playout.core.videos import sources
from playout.core.videos.model import Video
from playout.kit.errors import Conflict, Invalid, NotFound, TooLarge
from playout.kit.ids import uuid7
from playout.settings import Settings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client says of the file that it wants to bring.

    It becomes the source of the video `video_id`; without one a video is entered for it, in the
    project `project_id` or, without one, in the caller's default project.
    """

    length: int
    said: str
    video_id: int | None
    title: str
    project_id: int | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One request's turn to bring bytes, from `start` on and up to `length` at the most."""

    upload_id: UUID
    claim: UUID
    folder: str
    start: int
    length: int


def create(unit: WriteUnit, wanted: Wanted, settings: Settings) -> Upload:
    """Open an upload. Raises `Invalid`, `TooLarge`, and `NotFound` for a video."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    if wanted.length == 0:
        raise Invalid("The file is empty.")
    video = _video(unit, wanted)
    queries.lock_organization(unit, video.organization_id)
    limit = room(unit, video.organization_id, settings)
    if wanted.length > limit:
        raise TooLarge(f"A file may have {limit:,} bytes at the most.")
    upload = Upload(
        id=uuid7(),
        organization_id=video.organization_id,
        video_id=video.id,
        length=wanted.length,
        offset=0,
        said=wanted.said,
        created_at=unit.now,
        expires_at=unit.now + lifetime(settings),
    )
    unit.session.add(upload)
    unit.session.flush()
    changes = {"video": [None, video.id], "length": [None, upload.length]}
    unit.record("upload.created", upload.subject(video), changes)
    return upload


def get(unit: ReadUnit, upload_id: UUID) -> Upload:
    """One upload that the caller may go on with; else `NotFound`."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    return _found(queries.by_id(unit, upload_id))


def take(unit: WriteUnit, upload_id: UUID, offset: int) -> Turn:
    """Begin to bring bytes from `offset` on: whoever did until now has lost their turn.

    Raises `Conflict` when that is not where the upload stands.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    upload = _found(queries.for_update(unit, upload_id))
    return Turn(upload.id, upload.take(offset), upload.folder, offset, upload.length)


def keep(unit: WriteUnit, turn: Turn, parts: Iterable[UploadPart], settings: Settings) -> Upload:
    """Let parts that are stored count; the last of them makes the upload a source.

    Raises `LostClaim` when another request has taken over.
    """
    upload = _found(queries.for_update(unit, turn.upload_id))
    for part in parts:
        unit.session.merge(part)
        upload.grow(turn.claim, part.start + part.size, unit.now, lifetime(settings))
    if upload.whole:
        _complete(unit, upload)
    return upload


def terminate(unit: WriteUnit, upload_id: UUID) -> str:
    """Give an unfinished upload up; return the folder of parts to be deleted after the commit.

    Raises `Conflict` when it is whole, and so a video's source.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    upload = _found(queries.for_update(unit, upload_id))
    if upload.whole:
        raise Conflict("The upload is complete; remove its video instead.")
    video = videos.get(unit, upload.video_id)
    unit.record("upload.terminated", upload.subject(video), {"offset": [upload.offset, None]})
    unit.session.delete(upload)
    return upload.folder


def room(unit: ReadUnit, organization_id: int, settings: Settings) -> int:
    """How many bytes a new source of the organization may have."""
    if settings.max_organization_bytes is None:
        return settings.max_upload_bytes
    left = settings.max_organization_bytes - queries.taken_room(unit, organization_id)
    return max(0, min(settings.max_upload_bytes, left))


def lifetime(settings: Settings) -> timedelta:
    """How long an upload waits for its next byte."""
    return timedelta(seconds=settings.upload_lifetime)


def _complete(unit: WriteUnit, upload: Upload) -> None:
    """The last byte is in: its parts are joined, and then made playable."""
    video = videos.locked(unit, upload.video_id)
    asset = Asset(
        id=upload.id,
        organization_id=upload.organization_id,
        source_size=upload.length,
        created_at=unit.now,
    )
    sources.record_transition(unit, video, lambda: sources.start_processing(unit, video, asset))


def _video(unit: WriteUnit, wanted: Wanted) -> Video:
    if wanted.video_id is not None:
        return videos.get(unit, wanted.video_id)
    project_id = wanted.project_id or projects.default_id(unit)
    if project_id is None:
        raise Invalid("There is no workspace yet to put a video in.")
    fields: dict[str, Any] = {"title": wanted.title, "project_id": project_id}
    return videos.create(unit, fields)


def _found(upload: Upload | None) -> Upload:
    if upload is None:
        raise NotFound("There is no such upload.")
    return upload
