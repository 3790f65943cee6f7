"""Routes of the sections of a video, whose ETag is the one that counts here."""

from fastapi import APIRouter, Response

from playout.api.answer import Answer
from playout.api.etags import IF_MATCH
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest, OpenRequest
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.section_wire import SectionIn, SectionPatch, VideoSection, section_out
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import sections, service

router = APIRouter(route_class=StrictRoute, tags=["sections"])
ALL = "/videos/{video_id}/sections/"
ONE = "/videos/{video_id}/sections/{section_id}/"


@router.get(ALL, response_model=ListOf[VideoSection])
def list_sections(video_id: Id, call: ApiRequest, page: Page) -> Response:
    """The sections of a video, in order."""

    def use(unit: ReadUnit) -> Answer:
        video = service.get(unit, video_id)
        found = sections.of_videos(unit, [video.id])[video.id]
        shown = found[page.offset : page.offset + page.size]
        base_url = call.runtime.settings.base_url
        return Answer(page.of(shown, len(found), base_url, section_out))

    return call.answer_read(use)


@router.post(ALL, status_code=201, response_model=VideoSection, openapi_extra=IF_MATCH)
def add_section(video_id: Id, body: SectionIn, call: ApiRequest) -> Response:
    """Add a section."""

    def use(unit: WriteUnit) -> Answer:
        return Answer(section_out(sections.add(unit, video_id, body.fields())), 201)

    return call.answer_write(use)


@router.get(ONE, response_model=VideoSection)
def retrieve_section(video_id: Id, section_id: Id, call: ApiRequest) -> Response:
    """One section."""
    return call.answer_read(
        lambda unit: Answer(section_out(sections.get(unit, video_id, section_id)))
    )


@router.put(ONE, response_model=VideoSection, openapi_extra=IF_MATCH)
def replace_section(video_id: Id, section_id: Id, body: SectionIn, call: ApiRequest) -> Response:
    """Change a section; `order` and `content` are needed."""
    return _update(call, video_id, section_id, body)


@router.patch(ONE, response_model=VideoSection, openapi_extra=IF_MATCH)
def update_section(video_id: Id, section_id: Id, body: SectionPatch, call: ApiRequest) -> Response:
    """Change some fields of a section."""
    return _update(call, video_id, section_id, body)


@router.delete(ONE, status_code=204, openapi_extra=IF_MATCH)
def remove_section(video_id: Id, section_id: Id, call: ApiRequest) -> Response:
    """Remove a section."""

    def use(unit: WriteUnit) -> Answer:
        sections.remove(unit, video_id, section_id)
        return Answer(None, 204)

    return call.answer_write(use)


def _update(call: OpenRequest, video_id: int, section_id: int, body: SectionPatch) -> Response:
    def use(unit: WriteUnit) -> Answer:
        return Answer(section_out(sections.update(unit, video_id, section_id, body.fields())))

    return call.answer_write(use)
