"""Routes of categories."""

from fastapi import APIRouter

from playout.api.answer import Answer, kept
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.categories import (
    CategoryIn,
    CategoryOut,
    CategoryPatch,
    category_out,
)
from playout.core.catalog import service
from playout.core.catalog.model import Category
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(prefix="/categories", route_class=StrictRoute, tags=["catalog"])


@router.get("/")
@endpoint
def list_categories(unit: ReadUnit, page: Page) -> Answer[ListOf[CategoryOut]]:
    """List the categories of the organization in alphabetical order."""
    rows, count = service.page(unit, Category, page.offset, page.size)
    return kept(page.answer([category_out(row) for row in rows], count))


@router.post("/", status_code=201)
@endpoint
def add_category(body: CategoryIn, unit: WriteUnit) -> Answer[CategoryOut]:
    """Create a category.

    The answer is a 409 when another category has the name.
    """
    return Answer(category_out(service.add(unit, Category, body.fields())))


@router.get("/{entry_id}/")
@endpoint
def retrieve_category(entry_id: Id, unit: ReadUnit) -> Answer[CategoryOut]:
    """Return one category."""
    return kept(Answer(category_out(service.get(unit, Category, entry_id))))


@router.patch("/{entry_id}/")
@endpoint
def update_category(entry_id: Id, body: CategoryPatch, unit: WriteUnit) -> Answer[CategoryOut]:
    """Rename a category."""
    return Answer(category_out(service.update(unit, Category, entry_id, body.fields())))


@router.delete("/{entry_id}/", status_code=204)
@endpoint
def remove_category(entry_id: Id, unit: WriteUnit) -> Answer[None]:
    """Delete a category.

    The answer is a 409 while videos or subcategories still refer to it.
    """
    service.remove(unit, Category, entry_id)
    return Answer(None)
