"""Routes of tags."""

from fastapi import APIRouter

from playout.api.answer import Answer, kept
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.tags import TagIn, TagOut, TagPatch, tag_out
from playout.core.catalog import service
from playout.core.catalog.model import Tag
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import tags

router = APIRouter(prefix="/tags", route_class=StrictRoute, tags=["catalog"])


@router.get("/")
@endpoint
def list_tags(unit: ReadUnit, page: Page) -> Answer[ListOf[TagOut]]:
    """List the tags of the organization in alphabetical order."""
    rows, count = service.page(unit, Tag, page.offset, page.size)
    return kept(page.answer([tag_out(row) for row in rows], count))


@router.post("/", status_code=201)
@endpoint
def add_tag(body: TagIn, unit: WriteUnit) -> Answer[TagOut]:
    """Create a tag.

    The answer is a 409 when another tag has the name. Case, the width of characters and the number
    of spaces make no difference.
    """
    return Answer(tag_out(service.add(unit, Tag, body.fields())))


@router.get("/{entry_id}/")
@endpoint
def retrieve_tag(entry_id: Id, unit: ReadUnit) -> Answer[TagOut]:
    """Return one tag."""
    return kept(Answer(tag_out(service.get(unit, Tag, entry_id))))


@router.patch("/{entry_id}/")
@endpoint
def update_tag(entry_id: Id, body: TagPatch, unit: WriteUnit) -> Answer[TagOut]:
    """Rename a tag, also on the videos that have it."""
    return Answer(tag_out(tags.rename(unit, entry_id, body.fields())))


@router.delete("/{entry_id}/", status_code=204)
@endpoint
def remove_tag(entry_id: Id, unit: WriteUnit) -> Answer[None]:
    """Delete a tag, also from the videos that have it."""
    tags.remove(unit, entry_id)
    return Answer(None)
