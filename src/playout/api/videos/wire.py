"""The JSON of a video in the Videos API: `VideoDetail` of the public document, and more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from playout.api.fields import AspectRatio, Description, Id, Language, LongText, Title, Url
from playout.api.videos.catalog_wire import no_template, template_out
from playout.api.videos.people_wire import user_out
from playout.api.videos.section_wire import section_out
from playout.api.videos.times import time_out
from playout.core.accounts.model import Organization, User
from playout.core.catalog.model import Category, Subcategory, Template
from playout.core.media.model import Asset, AssetState, Stage
from playout.core.videos.model import Section, Status, Video, Visibility
from playout.core.videos.playback import Playback

Json = dict[str, Any]
Int32 = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]

INTERNAL = {
    Status.NOT_STARTED: "planning",
    Status.IN_PROGRESS: "rendering",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
}
InternalStatus = Literal[
    "planning",
    "scripting",
    "audio_sync",
    "visuals",
    "rendering",
    "merging",
    "completed",
    "failed",
]
CORE_NAMES = {
    "workspace": "project_id",
    "template": "template_id",
    "category": "category_id",
    "subcategory": "subcategory_id",
    "tags": "tag_ids",
}
OWN_WORK = frozenset(
    {
        "status",
        "internal_status",
        "generation_progress",
        "is_regenerating",
        "is_draft",
        "duration",
        "deleted_at",
        "created_by",
        "updated_by",
        "deleted_by",
    }
)
"""Fields that the document lets a caller send and that Playout itself finds out: they are
validated, and then left alone."""
SOURCES = frozenset({"source_url", "external_url"})
NOT_NULL = ("title", "workspace", "visibility", "is_active", "tags")


def _identified(value: object) -> object:
    """A template may be sent as the object that it was read as, or by its id alone."""
    return value.get("id") if isinstance(value, dict) else value


class VideoPatch(BaseModel):
    """What may be sent of a video; read-only and unknown fields are ignored."""

    title: Title | None = None
    workspace: Id | None = None
    description: Description | None = None
    visibility: Visibility | None = None
    language: Language | None = None
    aspect_ratio: AspectRatio | None = None
    has_subtitles: bool | None = None
    template: Annotated[Id | None, BeforeValidator(_identified)] = None
    category: Id | None = None
    subcategory: Id | None = None
    tags: Annotated[list[Id], Field(max_length=100)] | None = None
    cover_image: Url | None = None
    thumbnail: Url | None = None
    generated_script: LongText | None = None
    plan: Any = None
    source_experience: Int32 | None = None
    is_active: bool | None = None
    source_url: Url | None = None
    external_url: Url | None = None
    status: Status | None = None
    internal_status: InternalStatus | None = None
    generation_progress: Int32 | None = None
    is_regenerating: bool | None = None
    is_draft: bool | None = None
    duration: Int32 | None = None
    deleted_at: datetime | None = None
    created_by: Annotated[str, Field(max_length=255)] | None = None
    updated_by: Annotated[str, Field(max_length=255)] | None = None
    deleted_by: Annotated[str, Field(max_length=255)] | None = None

    @model_validator(mode="after")
    def _check_nulls(self) -> "VideoPatch":
        for name in NOT_NULL:
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name} may not be null")
        return self

    def fields(self) -> Json:
        """What was sent, by core's names."""
        sent = self.model_dump(exclude_unset=True, exclude=set(OWN_WORK | SOURCES))
        return {CORE_NAMES.get(name, name): value for name, value in sent.items()}


class VideoIn(VideoPatch):
    """A whole video: `title` and `workspace` are needed."""

    title: Title
    workspace: Id


@dataclass(frozen=True, slots=True)
class Detail:
    """A video with what is told along with it."""

    video: Video
    organization: Organization
    owner: User | None = None
    asset: Asset | None = None
    pending: Asset | None = None
    slug: str | None = None
    template: Template | None = None
    category: Category | None = None
    subcategory: Subcategory | None = None
    sections: tuple[Section, ...] = ()


def video_out(detail: Detail, playback: Playback, now: datetime) -> Json:
    """A video as its managers see it."""
    owner = user_out(detail.owner, detail.organization, playback.base_url)
    return {
        **_identity(detail.video),
        **_making(detail),
        **_files(detail, playback, now),
        "owner": owner,
        "owner_username": owner["username"],
        "sections": [section_out(section) for section in detail.sections],
        "template": template_out(detail.template) if detail.template else no_template(),
        "category_name": detail.category.name if detail.category else "",
        "subcategory_name": detail.subcategory.name if detail.subcategory else "",
        "metrics": '{"views": 0, "plays": 0, "watch_seconds": 0, "cta_clicks": 0}',
    }


def _identity(video: Video) -> Json:
    same = (
        "id session_id title description language aspect_ratio has_subtitles visibility is_draft"
        " is_active status failure_reason external_url generated_script plan source_experience"
        " created_by updated_by deleted_by"
    )
    return {
        **{name: getattr(video, name) for name in same.split()},
        "uid": str(video.uid),
        "workspace": video.project_id,
        "sub_account": video.sub_account_id,
        "category": video.category_id,
        "subcategory": video.subcategory_id,
        "tags": video.tag_ids,
        "tag_names": video.tag_names,
        "created_at": time_out(video.created_at),
        "updated_at": time_out(video.updated_at),
        "deleted_at": time_out(video.deleted_at) if video.deleted_at else None,
    }


def _making(detail: Detail) -> Json:
    video, asset, pending = detail.video, detail.asset, detail.pending
    storing = pending is not None and pending.stage is Stage.STORING
    working = pending is not None and pending.state is not AssetState.FAILED
    done = 100 if video.status is Status.COMPLETED else 0
    return {
        "internal_status": "merging" if storing else INTERNAL[video.status],
        "generation_progress": pending.progress if pending and working else done,
        "is_regenerating": pending is not None and video.playable,
        "duration": round(asset.duration_ms / 1000) if asset and asset.duration_ms else None,
    }


def _files(detail: Detail, playback: Playback, now: datetime) -> Json:
    addresses = playback.addresses(detail.video, detail.asset, now)
    return {
        "video": addresses.video,
        "cover_image": detail.video.cover_image or addresses.poster,
        "thumbnail": detail.video.thumbnail or addresses.poster,
        "custom_url": f"{playback.base_url}/v/{detail.slug}" if detail.slug else "",
    }
