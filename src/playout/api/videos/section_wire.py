"""The JSON of a section: `VideoSection` of the public document."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from playout.api.fields import Id, LongText, Title, Url
from playout.api.videos.times import time_out
from playout.core.videos.model import Section, Status

Int32 = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]


class SectionPatch(BaseModel):
    """What may be sent of a section; read-only and unknown fields are ignored."""

    order: Int32 = 0
    title: Title | None = None
    content: Any = None
    duration: Int32 | None = None
    video_file: Url | None = None
    audio_file: Url | None = None
    thumbnail: Url | None = None
    section_summary: LongText | None = None
    internal_notes: LongText | None = None
    page_numbers: Annotated[str, Field(max_length=255)] | None = None
    alignment_data: Any = None
    audio_ready: bool = False
    visuals_ready: bool = False
    is_assembling: bool = False
    is_active: bool = True
    status: Status = Status.NOT_STARTED
    rag_documents: Annotated[list[Id], Field(max_length=1000)] = []

    def fields(self) -> dict[str, Any]:
        """What was sent."""
        return self.model_dump(exclude_unset=True)


class SectionIn(SectionPatch):
    """A whole section: `order` and `content` are needed."""

    order: Int32
    content: Any


SAME = ("id", *SectionPatch.model_fields, "created_by", "updated_by", "deleted_by")


def section_out(section: Section) -> dict[str, Any]:
    return {
        **{name: getattr(section, name) for name in SAME},
        "uid": str(section.uid),
        "video": section.video_id,
        "created_at": time_out(section.created_at),
        "updated_at": time_out(section.updated_at),
        "deleted_at": time_out(section.deleted_at) if section.deleted_at else None,
    }
