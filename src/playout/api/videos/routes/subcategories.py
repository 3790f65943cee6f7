"""Routes of subcategories."""

from fastapi import APIRouter

from playout.api.answer import Answer, kept
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.subcategories import (
    SubcategoryIn,
    SubcategoryOut,
    SubcategoryPatch,
    subcategory_out,
)
from playout.core.catalog import service
from playout.core.catalog.model import Subcategory
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(prefix="/subcategories", route_class=StrictRoute, tags=["catalog"])


@router.get("/")
@endpoint
def list_subcategories(unit: ReadUnit, page: Page) -> Answer[ListOf[SubcategoryOut]]:
    """List the subcategories of the organization in alphabetical order."""
    rows, count = service.page(unit, Subcategory, page.offset, page.size)
    return kept(page.answer([subcategory_out(row) for row in rows], count))


@router.post("/", status_code=201)
@endpoint
def add_subcategory(body: SubcategoryIn, unit: WriteUnit) -> Answer[SubcategoryOut]:
    """Create a subcategory.

    The answer is a 409 when the name is taken in its category.
    """
    return Answer(subcategory_out(service.add(unit, Subcategory, body.fields())))


@router.get("/{entry_id}/")
@endpoint
def retrieve_subcategory(entry_id: Id, unit: ReadUnit) -> Answer[SubcategoryOut]:
    """Return one subcategory."""
    return kept(Answer(subcategory_out(service.get(unit, Subcategory, entry_id))))


@router.patch("/{entry_id}/")
@endpoint
def update_subcategory(
    entry_id: Id, body: SubcategoryPatch, unit: WriteUnit
) -> Answer[SubcategoryOut]:
    """Rename a subcategory, or move it to another category."""
    return Answer(subcategory_out(service.update(unit, Subcategory, entry_id, body.fields())))


@router.delete("/{entry_id}/", status_code=204)
@endpoint
def remove_subcategory(entry_id: Id, unit: WriteUnit) -> Answer[None]:
    """Delete a subcategory.

    The answer is a 409 while videos still have it.
    """
    service.remove(unit, Subcategory, entry_id)
    return Answer(None)
