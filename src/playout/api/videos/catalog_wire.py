"""The JSON of templates, categories, subcategories and tags."""

from datetime import UTC, datetime
from typing import Annotated, Any, NotRequired
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from playout.api.types import DateTimeOut, Description, Id, Title, UriOut, Url, UuidOut
from playout.api.videos.formats import LEFT_OUT, document_only, time_out
from playout.core.catalog.model import Category, Subcategory, Tag, Template

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
NO_TEMPLATE = 0
"""The id of what stands where a video has no template."""


class NamePatch(BaseModel):
    """What may be sent of a category or a tag; unknown fields are ignored."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Announcements"}]})

    name: Title = LEFT_OUT

    def fields(self) -> dict[str, Any]:
        """What was sent, by core's names."""
        sent = self.model_dump(exclude_unset=True)
        return {{"category": "category_id"}.get(name, name): each for name, each in sent.items()}


class NameIn(NamePatch):
    """A category or a tag."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Product launches"}]})

    name: Title


class SubcategoryPatch(NamePatch):
    """What may be sent of a subcategory; unknown fields are ignored."""

    category: Id = LEFT_OUT


class SubcategoryIn(SubcategoryPatch):
    """A subcategory, which stands in a category."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Keynotes", "category": 1}]})

    name: Title
    category: Id


class TemplatePatch(NamePatch):
    """What may be sent of a template; unknown fields are ignored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Product launch",
                    "description": "Three short sections and a call to action.",
                    "thumbnail": "https://cdn.example.com/templates/launch.jpg",
                }
            ]
        }
    )

    description: Description | None = LEFT_OUT
    thumbnail: Url | None = LEFT_OUT
    preview_video_url: Url | None = LEFT_OUT
    voices: Annotated[list[Id], Field(max_length=100)] = LEFT_OUT


class TemplateIn(TemplatePatch):
    """A template."""

    name: Title


@document_only
class Named(TypedDict):
    """A category or a tag."""

    id: int
    uid: UuidOut
    name: str


@document_only
class SubcategoryOut(Named):
    """A subcategory and the id of its category."""

    category: int


@document_only
class VideoTemplate(TypedDict):
    """What a video was made from; one with the id 0 stands where there is none."""

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


def named_out(entry: Category | Subcategory | Tag) -> Named:
    return {"id": entry.id, "uid": str(entry.uid), "name": entry.name}


def subcategory_out(entry: Subcategory) -> SubcategoryOut:
    return {**named_out(entry), "category": entry.category_id}


def template_out(template: Template) -> VideoTemplate:
    """`VideoTemplate` of the public document."""
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


def no_template() -> VideoTemplate:
    """What stands where a video has no template: the document has no place for null here."""
    return {
        "id": NO_TEMPLATE,
        "uid": str(UUID(int=0)),
        "created_at": time_out(NEVER),
        "updated_at": time_out(NEVER),
        "name": "",
        "voices": [],
    }
