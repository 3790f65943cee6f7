"""The JSON of videos: `VideoDetail` of the public document, and more."""

import json
from typing import Annotated, Any, cast

from pydantic import BaseModel, Field, WithJsonSchema
from typing_extensions import TypedDict

from playout.api.answer import Answer
from playout.api.types import (
    AspectRatio,
    DateTimeOut,
    Description,
    Flag,
    Id,
    Language,
    LongText,
    Password,
    Title,
    UriOut,
    Url,
    UuidOut,
    example,
)
from playout.api.videos.schemas.chapters import ChapterOut, Chapters, chapter_out
from playout.api.videos.schemas.files import FilesOut, files_out
from playout.api.videos.schemas.processing import InternalStatus, ProcessingOut, processing_out
from playout.api.videos.schemas.sections import SectionOut, section_out
from playout.api.videos.schemas.templates import (
    TemplateOut,
    TemplateRefIn,
    no_template_out,
    template_out,
)
from playout.api.videos.schemas.timetable import (
    PublishAt,
    TimedVisibilityOut,
    UnpublishAt,
    VisibilityAt,
    timed_visibilities_out,
)
from playout.api.videos.schemas.types import (
    LEFT_OUT,
    AnyJson,
    Int32,
    IsoDateTimeText,
    Seconds,
    ShortText,
    document_only,
    optional_time_out,
    time_out,
)
from playout.api.videos.schemas.users import OwnerOut, owner_out
from playout.core.playback.playback import Playback
from playout.core.publications import details
from playout.core.publications.details import VideoDetails
from playout.core.unit import ReadUnit
from playout.core.videos.chapters import chapters_of
from playout.core.videos.model import (
    TITLE_LENGTH,
    URL_LENGTH,
    Status,
    Video,
    VideoFields,
    Visibility,
)
from playout.kit.etags import with_counts
from playout.kit.http.public_address import PublicAddress

CORE_NAMES = {
    "workspace": "project_id",
    "template": "template_id",
    "category": "category_id",
    "subcategory": "subcategory_id",
    "tags": "tag_ids",
}
READ_ONLY = frozenset(
    {
        "owner",
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
"""Fields that the public document lets a caller send and that Playout itself sets. They are
validated and then ignored."""
SOURCES = frozenset({"source_url", "external_url"})
PICTURES = ("cover_image", "thumbnail")
METRICS = ("views", "plays", "watch_seconds", "cta_clicks")
"""The counts in `metrics`, which is JSON text, as the public document wants it."""

Downloads = Annotated[Flag, Field(description="Whether viewers may save the video")]


class VideoPatch(BaseModel):
    """Fields of a video to change. Read-only and unknown fields are ignored."""

    model_config = example(title="Launch Event Highlights", visibility="public")

    title: Title = LEFT_OUT
    workspace: Id = LEFT_OUT
    description: Description | None = LEFT_OUT
    visibility: Visibility = LEFT_OUT
    language: Language | None = LEFT_OUT
    aspect_ratio: AspectRatio | None = LEFT_OUT
    has_subtitles: Flag | None = LEFT_OUT
    template: TemplateRefIn = LEFT_OUT
    category: Id | None = LEFT_OUT
    subcategory: Id | None = LEFT_OUT
    tags: Annotated[list[Id], Field(max_length=100)] = LEFT_OUT
    cover_image: Url | None = LEFT_OUT
    thumbnail: Url | None = LEFT_OUT
    generated_script: LongText | None = LEFT_OUT
    plan: AnyJson = LEFT_OUT
    source_experience: Int32 | None = LEFT_OUT
    is_active: Flag = LEFT_OUT
    downloads: Downloads = LEFT_OUT
    password: Password | None = LEFT_OUT
    publish_at: PublishAt | None = LEFT_OUT
    unpublish_at: UnpublishAt | None = LEFT_OUT
    visibility_at: VisibilityAt = LEFT_OUT
    chapters: Chapters | None = LEFT_OUT
    source_url: Url | None = LEFT_OUT
    external_url: Url | None = LEFT_OUT
    owner: dict[str, Any] = LEFT_OUT
    status: Status = LEFT_OUT
    internal_status: InternalStatus = LEFT_OUT
    generation_progress: Int32 = LEFT_OUT
    is_regenerating: Flag = LEFT_OUT
    is_draft: Flag = LEFT_OUT
    duration: Seconds | None = LEFT_OUT
    deleted_at: IsoDateTimeText | None = LEFT_OUT
    created_by: ShortText | None = LEFT_OUT
    updated_by: ShortText | None = LEFT_OUT
    deleted_by: ShortText | None = LEFT_OUT

    def fields(self, address: PublicAddress) -> VideoFields:
        """Return the writable fields that were sent, by the names that core gives them.

        A picture address of Playout's own, sent back as it was read, is left out: it expires.
        """
        sent = self.model_dump(exclude_unset=True, exclude=set(READ_ONLY | SOURCES))
        for name in PICTURES:
            if (address.local_part(sent.get(name) or "") or "").startswith("/media/"):
                del sent[name]
        named = {CORE_NAMES.get(name, name): value for name, value in sent.items()}
        return cast("VideoFields", named)


class VideoIn(VideoPatch):
    """A whole video. It needs `title` and `workspace`."""

    model_config = example(
        title="Launch Event Highlights",
        workspace=1,
        external_url="https://cdn.example.com/launch/final.mp4",
    )

    title: Title
    workspace: Id


class VideoUrlIn(BaseModel):
    """The public address of a video."""

    model_config = example(url="https://videos.example.com/v/launch-event")

    url: Annotated[str, Field(max_length=URL_LENGTH)]


class StoredOut(TypedDict):
    """Fields of a video that are stored in its row."""

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
    downloads: bool
    has_password: bool
    publish_at: DateTimeOut | None
    unpublish_at: DateTimeOut | None
    visibility_at: list[TimedVisibilityOut]
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


@document_only
class VideoOut(StoredOut, ProcessingOut, FilesOut):
    """A video with everything that its managers see. The public document calls it `VideoDetail`."""

    owner: OwnerOut
    owner_username: str
    sections: list[SectionOut]
    chapters: list[ChapterOut]
    notes: Annotated[
        list[str], Field(description="What of the source was changed or left out, in sentences")
    ]
    template: TemplateOut
    category_name: str
    subcategory_name: str
    metrics: Annotated[
        str, WithJsonSchema({"type": "string", "contentMediaType": "application/json"})
    ]


def video_answer(unit: ReadUnit, playback: Playback, video: Video) -> Answer[VideoOut]:
    """Answer with a video that this unit has loaded, and its ETag."""
    return details_answer(unit, playback, details.of_video(unit, video))


def details_answer(unit: ReadUnit, playback: Playback, shown: VideoDetails) -> Answer[VideoOut]:
    """Answer with one video and its ETag."""
    etag = with_counts(shown.video.etag, *metrics_of(shown.video).values())
    return Answer(video_out(unit, playback, shown), etag=etag)


def metrics_of(video: Video) -> dict[str, int]:
    """Return what viewers did with a video so far, as its JSON names it."""
    return {name: getattr(video, name) for name in METRICS}


def video_out(unit: ReadUnit, playback: Playback, shown: VideoDetails) -> VideoOut:
    """Return the JSON of a video."""
    video = shown.video
    owner = owner_out(video.owner_id, shown.owner, shown.organization, playback.base_url)
    template = shown.template
    return {
        **_stored_out(video),
        **processing_out(video, shown.asset, shown.pending),
        **files_out(unit, video, shown.asset, shown.slug, playback),
        "owner": owner,
        "owner_username": owner["username"],
        "sections": [section_out(section) for section in shown.sections],
        "chapters": [chapter_out(each) for each in chapters_of(video, shown.asset)],
        "notes": shown.asset.notes if shown.asset else [],
        "template": template_out(template) if template else no_template_out(),
        "category_name": shown.category or "",
        "subcategory_name": shown.subcategory or "",
        "metrics": json.dumps(metrics_of(video)),
    }


def _stored_out(video: Video) -> StoredOut:
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
        "downloads": video.downloads,
        "has_password": video.has_password,
        "publish_at": optional_time_out(video.publish_at),
        "unpublish_at": optional_time_out(video.unpublish_at),
        "visibility_at": timed_visibilities_out(video),
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
        "deleted_at": optional_time_out(video.deleted_at),
        "deleted_by": video.deleted_by,
    }
