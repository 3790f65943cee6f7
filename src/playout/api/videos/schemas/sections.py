"""The JSON of sections: `VideoSection` of the public document."""

from typing import Annotated, cast

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from playout.api.types import (
    DateTimeOut,
    Flag,
    Id,
    LongText,
    Title,
    UriOut,
    Url,
    UuidOut,
    example,
)
from playout.api.videos.schemas.types import (
    LEFT_OUT,
    AnyJson,
    Int32,
    Seconds,
    ShortText,
    document_only,
    optional_time_out,
    time_out,
)
from playout.core.videos.model import Status
from playout.core.videos.section_model import Section
from playout.core.videos.sections import SectionFields

Content = Annotated[AnyJson, Field(description="Script content for this section (list of turns)")]


class SectionPatch(BaseModel):
    """Fields of a section to change. Read-only and unknown fields are ignored."""

    model_config = example(title="Opening", order=2)

    order: Int32 = LEFT_OUT
    title: Title | None = LEFT_OUT
    content: Content = LEFT_OUT
    duration: Seconds = LEFT_OUT
    video_file: Url | None = LEFT_OUT
    audio_file: Url | None = LEFT_OUT
    thumbnail: Url | None = LEFT_OUT
    section_summary: LongText | None = LEFT_OUT
    internal_notes: LongText | None = LEFT_OUT
    page_numbers: ShortText | None = LEFT_OUT
    alignment_data: AnyJson = LEFT_OUT
    audio_ready: Flag = LEFT_OUT
    visuals_ready: Flag = LEFT_OUT
    is_assembling: Flag = LEFT_OUT
    is_active: Flag = LEFT_OUT
    status: Status = LEFT_OUT
    rag_documents: Annotated[list[Id], Field(max_length=1000)] = LEFT_OUT

    def fields(self) -> SectionFields:
        """Return the fields that were sent. Core gives them the same names."""
        return cast("SectionFields", self.model_dump(exclude_unset=True))


class SectionIn(SectionPatch):
    """A whole section. It needs `order` and `content`."""

    model_config = example(
        order=1,
        title="Opening",
        content=[{"speaker": "Mira", "text": "Welcome to the show."}],
    )

    order: Int32
    content: Content


@document_only
class SectionOut(TypedDict):
    """A part of a video, as the tool that made it divides it."""

    id: int
    uid: UuidOut
    created_at: DateTimeOut
    updated_at: DateTimeOut
    deleted_at: DateTimeOut | None
    is_active: bool
    created_by: str | None
    updated_by: str | None
    deleted_by: str | None
    alignment_data: AnyJson
    audio_ready: bool
    visuals_ready: bool
    is_assembling: bool
    order: Int32
    title: str | None
    content: Content
    duration: Seconds
    video_file: UriOut | None
    audio_file: UriOut | None
    thumbnail: UriOut | None
    section_summary: str | None
    internal_notes: str | None
    page_numbers: str | None
    status: Status
    video: int
    rag_documents: list[int]


def section_out(section: Section) -> SectionOut:
    """Return the JSON of a section.

    A duration that is not known is 0: the public document does not allow null here.
    """
    return {
        "id": section.id,
        "uid": str(section.uid),
        "created_at": time_out(section.created_at),
        "updated_at": time_out(section.updated_at),
        "deleted_at": optional_time_out(section.deleted_at),
        "is_active": section.is_active,
        "created_by": section.created_by,
        "updated_by": section.updated_by,
        "deleted_by": section.deleted_by,
        "alignment_data": section.alignment_data,
        "audio_ready": section.audio_ready,
        "visuals_ready": section.visuals_ready,
        "is_assembling": section.is_assembling,
        "order": section.order,
        "title": section.title,
        "content": section.content,
        "duration": section.duration or 0,
        "video_file": section.video_file,
        "audio_file": section.audio_file,
        "thumbnail": section.thumbnail,
        "section_summary": section.section_summary,
        "internal_notes": section.internal_notes,
        "page_numbers": section.page_numbers,
        "status": section.status,
        "video": section.video_id,
        "rag_documents": section.rag_documents,
    }
