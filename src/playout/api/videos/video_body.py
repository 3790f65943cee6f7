"""What may be sent of a video: the writable fields of `VideoDetail`, and where it comes from."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from typing_extensions import TypedDict

from playout.api.types import AspectRatio, Description, Flag, Id, Language, LongText, Title, Url
from playout.api.videos.schemas.templates import NO_TEMPLATE
from playout.api.videos.schemas.types import LEFT_OUT, AnyJson, Int32, Seconds, ShortText
from playout.core.videos.model import URL_LENGTH, Status, Visibility

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
"""Fields that the document lets a caller send and that Playout itself finds out: they are
validated, and then left alone."""
SOURCES = frozenset({"source_url", "external_url"})
PICTURES = ("cover_image", "thumbnail")


def _moment(text: str) -> str:
    datetime.fromisoformat(text)
    return text


Moment = Annotated[str, AfterValidator(_moment), Field(json_schema_extra={"format": "date-time"})]
"""A date and a time; Pydantic would take a number, too."""


TemplateId = Annotated[int, Field(ge=NO_TEMPLATE, lt=2**63)]


class TemplateSent(TypedDict):
    """A template as it was read; its id alone counts, and 0 or null stands for none."""

    id: TemplateId | None


def _identified(value: object) -> object:
    """A template may be sent as the object that it was read as, or by its id alone."""
    if isinstance(value, dict):
        value = value.get("id", value)
    return None if value == NO_TEMPLATE and value is not False else value


Template = Annotated[
    Id | None, BeforeValidator(_identified, json_schema_input_type=TemplateId | TemplateSent | None)
]


class VideoPatch(BaseModel):
    """What may be sent of a video; read-only and unknown fields are ignored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": "Launch Event Highlights", "visibility": "public"}]
        }
    )

    title: Title = LEFT_OUT
    workspace: Id = LEFT_OUT
    description: Description | None = LEFT_OUT
    visibility: Visibility = LEFT_OUT
    language: Language | None = LEFT_OUT
    aspect_ratio: AspectRatio | None = LEFT_OUT
    has_subtitles: Flag | None = LEFT_OUT
    template: Template = LEFT_OUT
    category: Id | None = LEFT_OUT
    subcategory: Id | None = LEFT_OUT
    tags: Annotated[list[Id], Field(max_length=100)] = LEFT_OUT
    cover_image: Url | None = LEFT_OUT
    thumbnail: Url | None = LEFT_OUT
    generated_script: LongText | None = LEFT_OUT
    plan: AnyJson = LEFT_OUT
    source_experience: Int32 | None = LEFT_OUT
    is_active: Flag = LEFT_OUT
    source_url: Url | None = LEFT_OUT
    external_url: Url | None = LEFT_OUT
    owner: dict[str, Any] = LEFT_OUT
    status: Status = LEFT_OUT
    internal_status: InternalStatus = LEFT_OUT
    generation_progress: Int32 = LEFT_OUT
    is_regenerating: Flag = LEFT_OUT
    is_draft: Flag = LEFT_OUT
    duration: Seconds | None = LEFT_OUT
    deleted_at: Moment | None = LEFT_OUT
    created_by: ShortText | None = LEFT_OUT
    updated_by: ShortText | None = LEFT_OUT
    deleted_by: ShortText | None = LEFT_OUT

    def fields(self, base_url: str) -> dict[str, Any]:
        """What was sent, by core's names.

        A poster of ours that comes back as it was read is not kept: its address does not last.
        """
        sent = self.model_dump(exclude_unset=True, exclude=set(OWN_WORK | SOURCES))
        for name in PICTURES:
            if (sent.get(name) or "").startswith(f"{base_url}/media/"):
                del sent[name]
        return {CORE_NAMES.get(name, name): value for name, value in sent.items()}


class VideoIn(VideoPatch):
    """A whole video: `title` and `workspace` are needed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Launch Event Highlights",
                    "workspace": 1,
                    "external_url": "https://cdn.example.com/launch/final.mp4",
                }
            ]
        }
    )

    title: Title
    workspace: Id


class ByUrl(BaseModel):
    """The public address of a video."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "https://videos.example.com/v/launch-event"}]}
    )

    url: Annotated[str, Field(max_length=URL_LENGTH)]
