"""The JSON of the Videos API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from playout.api.fields import AspectRatio, Description, Id, Language, Title, Url
from playout.core.media.model import Asset, AssetState, Stage
from playout.core.projects.model import Project
from playout.core.videos.model import Status, Video, Visibility
from playout.core.videos.playback import Playback
from playout.core.videos.service import NewVideo

Json = dict[str, Any]


class VideoIn(BaseModel):
    """What a video is entered with; read-only and unknown fields are ignored."""

    title: Title
    workspace: Id
    description: Description | None = None
    visibility: Visibility = Visibility.PRIVATE
    language: Language | None = None
    aspect_ratio: AspectRatio | None = None
    has_subtitles: bool | None = None
    source_url: Url | None = None
    external_url: Url | None = None

    def to_new(self) -> NewVideo:
        values = self.model_dump(exclude={"workspace"})
        return NewVideo(project_id=self.workspace, **values)


INTERNAL = {
    Status.NOT_STARTED: "planning",
    Status.IN_PROGRESS: "rendering",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
}


@dataclass(frozen=True, slots=True)
class Detail:
    """A video with what is told along with it: what plays, what is being made, where it is out."""

    video: Video
    asset: Asset | None
    pending: Asset | None
    slug: str | None


def video_out(detail: Detail, playback: Playback, now: datetime) -> Json:
    """A video as its managers see it."""
    video, asset, pending, slug = detail.video, detail.asset, detail.pending, detail.slug
    addresses = playback.addresses(video, asset, now)
    return {
        "id": video.id,
        "uid": str(video.uid),
        "session_id": video.session_id,
        "title": video.title,
        "description": video.description,
        "workspace": video.project_id,
        "visibility": video.visibility,
        "is_draft": video.is_draft,
        "is_active": video.deleted_at is None,
        "status": video.status,
        "internal_status": _internal(video, pending),
        "generation_progress": _progress(video, pending),
        "failure_reason": video.failure_reason,
        "is_regenerating": pending is not None and video.playable,
        "duration": round(asset.duration_ms / 1000) if asset and asset.duration_ms else None,
        "video": addresses.video,
        "cover_image": addresses.poster,
        "thumbnail": addresses.poster,
        "custom_url": f"{playback.base_url}/v/{slug}" if slug else "",
        "language": video.language,
        "aspect_ratio": video.aspect_ratio,
        "has_subtitles": video.has_subtitles,
        "external_url": video.external_url,
        "created_at": _time(video.created_at),
        "created_by": video.created_by,
        "updated_at": _time(video.updated_at),
        "updated_by": video.updated_by,
    }


def workspace_out(project: Project) -> Json:
    return {
        "id": project.id,
        "uid": str(project.uid),
        "name": project.name,
        "slug": project.slug,
        "created_at": _time(project.created_at),
    }


def _internal(video: Video, pending: Asset | None) -> str:
    if pending is not None and pending.stage is Stage.STORING:
        return "merging"
    return INTERNAL[video.status]


def _progress(video: Video, pending: Asset | None) -> int:
    if pending is not None and pending.state is not AssetState.FAILED:
        return pending.progress
    return 100 if video.status is Status.COMPLETED else 0


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
