"""Use cases of uploads: create, get, claim, add parts, terminate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from playout.core.media.model import Asset
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.uploads import queries
from playout.core.uploads.model import Upload, UploadPart
from playout.core.videos import access, sources
from playout.core.videos import service as videos
from playout.core.videos.model import Video
from playout.kit.errors import Conflict, Invalid, NotFound, TooLarge
from playout.kit.ids import uuid7
from playout.settings import Settings


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """The description of a file that a client is going to upload.

    The file becomes the source of the video `video_id`. Without one a video is created, in the
    project `project_id` or, without that, in the caller's default project.
    """

    length: int
    metadata: str
    """`Upload-Metadata`, exactly as the client sent it."""
    video_id: int | None
    title: str
    project_id: int | None
    replace_at_once: bool = False
    """True if the files of the old source end when the new one plays."""


@dataclass(frozen=True, slots=True)
class UploadClaim:
    """The claim of one request: it may add bytes from `start` on, up to `length` in all."""

    upload_id: UUID
    id: UUID
    folder: str
    start: int
    length: int


def create(unit: WriteUnit, request: UploadRequest, settings: Settings) -> Upload:
    """Create an upload. Raise `Invalid`, `TooLarge`, and for a video `Forbidden` and `NotFound`."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    if request.length == 0:
        raise Invalid("The file is empty.")
    video = _video(unit, request)
    queries.lock_quota(unit, video.organization_id)
    limit = max_source_bytes(unit, video.organization_id, settings)
    if request.length > limit:
        raise TooLarge(f"A file may have {limit:,} bytes at the most.")
    upload = Upload(
        id=uuid7(),
        organization_id=video.organization_id,
        video_id=video.id,
        length=request.length,
        offset=0,
        client_metadata=request.metadata,
        replaces_at_once=request.replace_at_once,
        created_at=unit.now,
        expires_at=unit.now + lifetime(settings),
    )
    unit.session.add(upload)
    unit.session.flush()
    changes = {"video": [None, video.id], "length": [None, upload.length]}
    unit.record("upload.created", upload.subject(video), changes)
    return upload


def get(unit: ReadUnit, upload_id: UUID) -> Upload:
    """Return an upload that the caller may resume. Raise `NotFound`."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    return _found(queries.by_id(unit, upload_id))


def claim(unit: WriteUnit, upload_id: UUID, offset: int) -> UploadClaim:
    """Claim an upload, to add bytes from `offset` on. A request before it loses its claim.

    Raise `Conflict` if the upload has more or fewer bytes than that, and `Forbidden` if the video
    was published meanwhile and the caller may not change it.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    upload = _found(queries.for_update(unit, upload_id))
    access.check_may_change(unit, videos.get(unit, upload.video_id))
    return UploadClaim(upload.id, upload.claim_at(offset), upload.folder, offset, upload.length)


def add_parts(
    unit: WriteUnit, claim: UploadClaim, parts: Iterable[UploadPart], settings: Settings
) -> Upload:
    """Let stored parts count. The last of them makes the upload a source.

    Raise `LostClaim` if another request has taken over.
    """
    upload = _found(queries.for_update(unit, claim.upload_id))
    for part in parts:
        unit.session.merge(part)
        upload.advance(claim.id, part.start + part.size, unit.now, lifetime(settings))
    if upload.is_complete:
        _complete(unit, upload)
    return upload


def terminate(unit: WriteUnit, upload_id: UUID) -> str:
    """Delete an unfinished upload; return the folder whose parts the caller deletes afterwards.

    Raise `Conflict` if the upload is complete, and so the source of a video.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    upload = _found(queries.for_update(unit, upload_id))
    if upload.is_complete:
        raise Conflict("The upload is complete; remove its video instead.")
    video = videos.get(unit, upload.video_id)
    unit.record("upload.terminated", upload.subject(video), {"offset": [upload.offset, None]})
    unit.session.delete(upload)
    return upload.folder


def max_source_bytes(unit: ReadUnit, organization_id: int, settings: Settings) -> int:
    """Return how many bytes a new source of the organization may have."""
    if settings.max_organization_bytes is None:
        return settings.max_upload_bytes
    left = settings.max_organization_bytes - queries.used_bytes(unit, organization_id)
    return max(0, min(settings.max_upload_bytes, left))


def used_bytes(unit: ReadUnit, organization_id: int) -> int:
    """Return how many bytes the sources and the unfinished uploads of an organization take."""
    unit.principal.require(Permission.PROJECTS_READ)
    return queries.used_bytes(unit, organization_id)


def lifetime(settings: Settings) -> timedelta:
    """Return how long an upload waits for its next byte before it expires."""
    return timedelta(seconds=settings.upload_lifetime)


def _complete(unit: WriteUnit, upload: Upload) -> None:
    """Process a complete upload: its parts are joined first."""
    video = videos.get_for_update(unit, upload.video_id)
    asset = Asset(
        id=upload.id,
        organization_id=upload.organization_id,
        source_size=upload.length,
        replaces_at_once=upload.replaces_at_once,
        created_at=unit.now,
    )
    sources.record_transition(unit, video, lambda: sources.start_processing(unit, video, asset))


def _video(unit: WriteUnit, request: UploadRequest) -> Video:
    if request.video_id is not None:
        video = videos.get(unit, request.video_id)
        access.check_may_change(unit, video)
        return video
    project_id = request.project_id or projects.default_id(unit)
    if project_id is None:
        raise Invalid("There is no workspace yet to put a video in.")
    return videos.create(unit, {"title": request.title, "project_id": project_id})


def _found(upload: Upload | None) -> Upload:
    if upload is None:
        raise NotFound("There is no such upload.")
    return upload
