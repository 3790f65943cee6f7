"""The JSON of templates, categories, subcategories and tags."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from playout.api.fields import Description, Id, Title, Url
from playout.api.videos.times import time_out
from playout.core.catalog.model import CatalogEntry, Category, Subcategory, Tag, Template
from playout.kit.errors import Invalid

Json = dict[str, Any]
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class EntryPatch(BaseModel):
    """What may be sent of an entry; what its kind does not have is ignored."""

    name: Title | None = None
    category: Id | None = None
    description: Description | None = None
    thumbnail: Url | None = None
    preview_video_url: Url | None = None
    voices: Annotated[list[Id], Field(max_length=100)] | None = None


class EntryIn(EntryPatch):
    """A whole entry; a subcategory needs its `category`, too."""

    name: Title


OPTIONAL = ("description", "thumbnail", "preview_video_url")
FIELDS: dict[type[CatalogEntry], tuple[str, ...]] = {
    Template: ("name", "voices", *OPTIONAL),
    Category: ("name",),
    Subcategory: ("name", "category"),
    Tag: ("name",),
}


def fields_of(kind: type[CatalogEntry], body: EntryPatch) -> Json:
    """What was sent, by core's names. Raises `Invalid` for what may not be missing or null."""
    sent = body.model_dump(exclude_unset=True, include=set(FIELDS[kind]))
    if kind is Subcategory and isinstance(body, EntryIn):
        sent.setdefault("category", None)
    for name, value in sent.items():
        if value is None and name not in OPTIONAL:
            raise Invalid(f"{name}: is needed.", {name: "is needed"})
    if "category" in sent:
        sent["category_id"] = sent.pop("category")
    return sent


def entry_out(entry: CatalogEntry) -> Json:
    """Any of them."""
    if isinstance(entry, Template):
        return template_out(entry)
    named: Json = {"id": entry.id, "uid": str(entry.uid), "name": entry.name}
    if isinstance(entry, Subcategory):
        named["category"] = entry.category_id
    return named


def template_out(template: Template) -> Json:
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


def no_template() -> Json:
    """What stands where a video has no template: the document has no place for null here."""
    return {
        "id": 0,
        "uid": str(UUID(int=0)),
        "created_at": time_out(NEVER),
        "updated_at": time_out(NEVER),
        "name": "",
        "voices": [],
    }
