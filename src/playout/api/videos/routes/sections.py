"""Routes of the sections of a video. `If-Match` takes the ETag of the video."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.etags import IF_MATCH
from playout.api.json_body import StrictRoute
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.sections import SectionIn, SectionOut, SectionPatch, section_out
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import sections, service

router = APIRouter(prefix="/videos/{video_id}/sections", route_class=StrictRoute, tags=["sections"])


@router.get("/")
@endpoint
def list_sections(video_id: Id, unit: ReadUnit, page: Page) -> Answer[ListOf[SectionOut]]:
    """List the sections of a video in order."""
    video = service.get(unit, video_id)
    return page.answer_slice(sections.of_videos(unit, [video.id])[video.id], section_out)


@router.post("/", status_code=201, openapi_extra=IF_MATCH)
@endpoint
def add_section(video_id: Id, body: SectionIn, unit: WriteUnit) -> Answer[SectionOut]:
    """Add a section to a video."""
    return Answer(section_out(sections.add(unit, video_id, body.fields())))


@router.get("/{section_id}/")
@endpoint
def retrieve_section(video_id: Id, section_id: Id, unit: ReadUnit) -> Answer[SectionOut]:
    """Return one section."""
    return Answer(section_out(sections.get(unit, video_id, section_id)))


@router.put("/{section_id}/", openapi_extra=IF_MATCH)
@endpoint
def replace_section(
    video_id: Id, section_id: Id, body: SectionIn, unit: WriteUnit
) -> Answer[SectionOut]:
    """Change a section.

    `order` and `content` are required. Other fields that are left out stay as they are.
    """
    return Answer(section_out(sections.update(unit, video_id, section_id, body.fields())))


@router.patch("/{section_id}/", openapi_extra=IF_MATCH)
@endpoint
def update_section(
    video_id: Id, section_id: Id, body: SectionPatch, unit: WriteUnit
) -> Answer[SectionOut]:
    """Change some fields of a section."""
    return Answer(section_out(sections.update(unit, video_id, section_id, body.fields())))


@router.delete("/{section_id}/", status_code=204, openapi_extra=IF_MATCH)
@endpoint
def remove_section(video_id: Id, section_id: Id, unit: WriteUnit) -> Answer[None]:
    """Delete a section."""
    sections.remove(unit, video_id, section_id)
    return Answer(None)
