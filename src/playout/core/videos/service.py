"""Use cases of videos: enter one, give it its source, follow it until it plays."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from playout.core.ledger.model import differences
from playout.core.media.model import Asset
from playout.core.permissions import Permission
from playout.core.projects import queries as projects
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import queries
from playout.core.videos.model import Video, Visibility
from playout.kit.errors import Invalid, NotFound
from playout.kit.ids import uuid7
from playout.kit.storage import Received


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVideo:
    """What a video is entered with; `source_url` is fetched, `external_url` is played as it is."""

    title: str
    project_id: int
    description: str | None = None
    language: str | None = None
    aspect_ratio: str | None = None
    has_subtitles: bool | None = None
    visibility: Visibility = Visibility.PRIVATE
    source_url: str | None = None
    external_url: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A place for the bytes of a source: where they go, and the asset they become."""

    video_id: int
    asset_id: UUID
    key: str


def create(unit: WriteUnit, new: NewVideo) -> Video:
    """Enter a video. Raises `Invalid` when the project is not one the caller may use."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    project = projects.by_id(unit, new.project_id)
    if project is None:
        raise Invalid("Unknown workspace.", {"workspace": "There is no such workspace."})
    if new.source_url and new.external_url:
        raise Invalid(
            "A video is either fetched or played from elsewhere.",
            {"external_url": "Give source_url or external_url, not both."},
        )
    video = Video(
        organization_id=project.organization_id,
        project_id=project.id,
        sub_account_id=unit.principal.sub_account_id,
        owner_id=unit.principal.user_id,
        title=new.title,
        description=new.description,
        language=new.language,
        aspect_ratio=new.aspect_ratio,
        has_subtitles=new.has_subtitles,
        visibility=new.visibility,
        created_at=unit.now,
        created_by=unit.principal.name,
        updated_at=unit.now,
        updated_by=unit.principal.name,
    )
    if new.external_url:
        video.point_to(new.external_url)
    unit.session.add(video)
    unit.session.flush()
    if new.source_url:
        asset = Asset(
            id=uuid7(),
            organization_id=video.organization_id,
            source_url=new.source_url,
            created_at=unit.now,
        )
        _begin(unit, video, asset)
    unit.record("video.created", video.subject, differences({}, video.state()))
    return video


def get(unit: ReadUnit, video_id: int) -> Video:
    """One video that the caller may see; else `NotFound`."""
    unit.principal.require(Permission.VIDEOS_READ)
    video = queries.by_id(unit, video_id)
    if video is None:
        raise NotFound("There is no such video.")
    return video


def completed(unit: ReadUnit, limit: int) -> list[Video]:
    """The caller's playable videos, newest first."""
    unit.principal.require(Permission.VIDEOS_READ)
    return queries.completed(unit, limit)


def open_upload(unit: ReadUnit, video_id: int) -> Upload:
    """Where the bytes of a new source go, before the first of them is taken."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = get(unit, video_id)
    asset_id = uuid7()
    return Upload(video.id, asset_id, f"sources/{video.uid}/{asset_id}")


def close_upload(unit: WriteUnit, upload: Upload, received: Received) -> Video:
    """The bytes are stored: have them made playable. Raises `Invalid` when there were none."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    if received.size == 0:
        raise Invalid("The file is empty.")
    video = queries.for_update(unit, upload.video_id)
    if video is None:
        raise NotFound("There is no such video.")
    asset = Asset(
        id=upload.asset_id,
        organization_id=video.organization_id,
        source_key=upload.key,
        source_size=received.size,
        source_sha256=received.sha256,
        created_at=unit.now,
    )
    change(unit, video, lambda: _begin(unit, video, asset))
    return video


def change(unit: WriteUnit, video: Video, transition: Callable[[], None]) -> None:
    """Carry out a transition of a locked video's making and record what it changed."""
    before = video.state()
    transition()
    video.updated_at, video.updated_by = unit.now, unit.principal.name
    unit.changed(video.cache_key)
    unit.record("video.status_changed", video.subject, differences(before, video.state()))


def _begin(unit: WriteUnit, video: Video, asset: Asset) -> None:
    unit.session.add(asset)
    unit.session.flush()
    video.begin(asset)
    unit.defer("videos.ingest", asset_id=str(asset.id))
