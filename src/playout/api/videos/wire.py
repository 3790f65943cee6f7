"""The JSON of a video in the Videos API: `VideoDetail` of the public document, and more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from playout.api.types import DateTimeOut, UriOut, UuidOut
from playout.api.videos.schemas.templates import TemplateOut, no_template_out, template_out
from playout.api.videos.schemas.types import (
    AnyJson,
    Int32,
    Seconds,
    ShortText,
    document_only,
    time_out,
)
from playout.api.videos.schemas.users import OwnerOut, owner_out
from playout.api.videos.section_wire import VideoSection, section_out
from playout.api.videos.video_body import InternalStatus
from playout.core.accounts.model import Organization, User
from playout.core.catalog.model import Category, Subcategory, Template
from playout.core.media.model import Asset, AssetState, Stage
from playout.core.playback.grants import Playback
from playout.core.videos.model import TITLE_LENGTH, Section, Status, Video, Visibility

INTERNAL: dict[Status, InternalStatus] = {
    Status.NOT_STARTED: "planning",
    Status.IN_PROGRESS: "rendering",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
}


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


class Identity(TypedDict):
    id: int
    session_id: Annotated[str, Field(pattern="^[0-9a-f]{24}$")]
    uid: UuidOut
    title: Annotated[str, Field(max_length=TITLE_LENGTH)]
    description: str | None
    language: str | None
    aspect_ratio: str | None
    has_subtitles: bool | None
    caption_languages: list[str]
    visibility: Visibility
    is_draft: Annotated[bool, Field(description="Whether this video is a draft")]
    is_active: bool
    status: Status
    failure_reason: str | None
    external_url: UriOut | None
    generated_script: str | None
    plan: Annotated[
        AnyJson, Field(description="The video plan structure (sections, timings, prompts)")
    ]
    source_experience: Int32 | None
    workspace: int
    sub_account: int | None
    category: int | None
    subcategory: int | None
    tags: list[int]
    tag_names: list[str]
    created_at: DateTimeOut
    created_by: ShortText | None
    updated_at: DateTimeOut
    updated_by: ShortText | None
    deleted_at: DateTimeOut | None
    deleted_by: ShortText | None


class Making(TypedDict):
    internal_status: InternalStatus
    generation_progress: Annotated[Int32, Field(description="Progress percentage (0-100)")]
    is_regenerating: bool
    duration: Seconds | None


class Files(TypedDict):
    video: Annotated[str, Field(description='Where it plays; "" where it does not yet')]
    hls_url: Annotated[UriOut | None, Field(description="Its adaptive stream as HLS")]
    dash_url: Annotated[UriOut | None, Field(description="The same as DASH")]
    cover_image: UriOut | None
    thumbnail: Annotated[UriOut | None, Field(description="Thumbnail image, also used as logo")]
    preview_url: Annotated[UriOut | None, Field(description="Three seconds of it as a moving WebP")]
    storyboard_url: Annotated[UriOut | None, Field(description="WebVTT that names small pictures")]
    custom_url: Annotated[str, Field(description='Its public page; "" while it is not out')]


@document_only
class VideoDetail(Identity, Making, Files):
    """A video as its managers see it."""

    owner: OwnerOut
    owner_username: str
    sections: list[VideoSection]
    template: TemplateOut
    category_name: str
    subcategory_name: str
    metrics: Annotated[
        str, WithJsonSchema({"type": "string", "contentMediaType": "application/json"})
    ]


def video_out(detail: Detail, playback: Playback, now: datetime) -> VideoDetail:
    """A video as its managers see it."""
    owner = owner_out(detail.owner, detail.organization, playback.base_url)
    return {
        **_identity(detail.video),
        **_making(detail),
        **_files(detail, playback, now),
        "owner": owner,
        "owner_username": owner["username"],
        "sections": [section_out(section) for section in detail.sections],
        "template": template_out(detail.template) if detail.template else no_template_out(),
        "category_name": detail.category.name if detail.category else "",
        "subcategory_name": detail.subcategory.name if detail.subcategory else "",
        "metrics": '{"views": 0, "plays": 0, "watch_seconds": 0, "cta_clicks": 0}',
    }


def _identity(video: Video) -> Identity:
    return {
        "id": video.id,
        "session_id": video.session_id,
        "uid": str(video.uid),
        "title": video.title,
        "description": video.description,
        "language": video.language,
        "aspect_ratio": video.aspect_ratio,
        "has_subtitles": video.is_subtitled,
        "caption_languages": video.caption_languages,
        "visibility": video.visibility,
        "is_draft": video.is_draft,
        "is_active": video.is_active,
        "status": video.status,
        "failure_reason": video.failure_reason,
        "external_url": video.external_url,
        "generated_script": video.generated_script,
        "plan": video.plan,
        "source_experience": video.source_experience,
        "workspace": video.project_id,
        "sub_account": video.sub_account_id,
        "category": video.category_id,
        "subcategory": video.subcategory_id,
        "tags": video.tag_ids,
        "tag_names": video.tag_names,
        "created_at": time_out(video.created_at),
        "created_by": video.created_by,
        "updated_at": time_out(video.updated_at),
        "updated_by": video.updated_by,
        "deleted_at": time_out(video.deleted_at) if video.deleted_at else None,
        "deleted_by": video.deleted_by,
    }


def _making(detail: Detail) -> Making:
    video, asset, pending = detail.video, detail.asset, detail.pending
    merging = pending is not None and (pending.is_merging or pending.stage is Stage.STORING)
    working = pending is not None and pending.state is not AssetState.FAILED
    done = 100 if video.status is Status.COMPLETED else 0
    return {
        "internal_status": "merging" if merging else INTERNAL[video.status],
        "generation_progress": pending.progress if pending and working else done,
        "is_regenerating": pending is not None and video.playable,
        "duration": round(asset.duration_ms / 1000) if asset and asset.duration_ms else None,
    }


def _files(detail: Detail, playback: Playback, now: datetime) -> Files:
    addresses = playback.addresses(detail.video, detail.asset, now)
    return {
        "video": addresses.video,
        "hls_url": addresses.hls,
        "dash_url": addresses.dash,
        "cover_image": detail.video.cover_image or addresses.poster,
        "thumbnail": detail.video.thumbnail or addresses.looks.thumbnail,
        "preview_url": addresses.looks.preview,
        "storyboard_url": addresses.looks.storyboard,
        "custom_url": f"{playback.base_url}/v/{detail.slug}" if detail.slug else "",
    }
