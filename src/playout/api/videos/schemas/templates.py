"""The JSON of templates: `VideoTemplate` of the public document."""

from datetime import UTC, datetime
from functools import cache
from typing import Annotated, NotRequired
from uuid import UUID

from pydantic import BeforeValidator, Field
from typing_extensions import TypedDict

from playout.api.types import DateTimeOut, Description, Id, Title, UriOut, Url, UuidOut, example
from playout.api.videos.schemas.catalog import NamedPatch
from playout.api.videos.schemas.types import LEFT_OUT, document_only, time_out
from playout.core.catalog.model import Template

NO_TEMPLATE = 0
"""Id of the empty template that a video without a template shows."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TemplateId = Annotated[int, Field(ge=NO_TEMPLATE, lt=2**63)]


class TemplateRef(TypedDict):
    """A template as an answer shows it. Only its id counts; 0 and null stand for no template."""

    id: TemplateId | None


def _template_id(value: object) -> object:
    """Return the id of a template that is sent as an object or as its id; None for no template."""
    if isinstance(value, dict):
        value = value.get("id", value)
    return None if value == NO_TEMPLATE and value is not False else value


TemplateRefIn = Annotated[
    Id | None,
    BeforeValidator(_template_id, json_schema_input_type=TemplateId | TemplateRef | None),
]


class TemplatePatch(NamedPatch):
    """Fields of a template to change. Unknown fields are ignored."""

    model_config = example(
        name="Product launch",
        description="Three short sections and a call to action.",
        thumbnail="https://cdn.example.com/templates/launch.jpg",
    )

    description: Description | None = LEFT_OUT
    thumbnail: Url | None = LEFT_OUT
    preview_video_url: Url | None = LEFT_OUT
    voices: Annotated[list[Id], Field(max_length=100)] = LEFT_OUT


class TemplateIn(TemplatePatch):
    """A template to create."""

    name: Title


@document_only
class TemplateOut(TypedDict):
    """The template that a video was made from. The id 0 stands for no template."""

    id: int
    uid: UuidOut
    created_at: DateTimeOut
    updated_at: DateTimeOut
    deleted_at: NotRequired[DateTimeOut | None]
    is_active: NotRequired[bool]
    created_by: NotRequired[str | None]
    updated_by: NotRequired[str | None]
    deleted_by: NotRequired[str | None]
    name: str
    description: NotRequired[str | None]
    thumbnail: NotRequired[UriOut | None]
    preview_video_url: NotRequired[UriOut | None]
    voices: list[int]


def template_out(template: Template) -> TemplateOut:
    """Return the JSON of a template."""
    return {
        "id": template.id,
        "uid": str(template.uid),
        "created_at": time_out(template.created_at),
        "updated_at": time_out(template.updated_at),
        "deleted_at": None,
        "is_active": True,
        "created_by": template.created_by,
        "updated_by": template.updated_by,
        "deleted_by": None,
        "name": template.name,
        "description": template.description,
        "thumbnail": template.thumbnail,
        "preview_video_url": template.preview_video_url,
        "voices": template.voices,
    }


@cache
def no_template_out() -> TemplateOut:
    """Return the empty template: the public document does not allow null here."""
    return {
        "id": NO_TEMPLATE,
        "uid": str(UUID(int=0)),
        "created_at": time_out(EPOCH),
        "updated_at": time_out(EPOCH),
        "name": "",
        "voices": [],
    }
