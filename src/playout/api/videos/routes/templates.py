"""Routes of templates."""

from fastapi import APIRouter

from playout.api.answer import Answer, kept
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.templates import (
    TemplateIn,
    TemplateOut,
    TemplatePatch,
    template_out,
)
from playout.core.catalog import service
from playout.core.catalog.model import Template
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(prefix="/templates", route_class=StrictRoute, tags=["catalog"])


@router.get("/")
@endpoint
def list_templates(unit: ReadUnit, page: Page) -> Answer[ListOf[TemplateOut]]:
    """List the templates of the organization in alphabetical order."""
    rows, count = service.page(unit, Template, page.offset, page.size)
    return kept(page.answer([template_out(row) for row in rows], count))


@router.post("/", status_code=201)
@endpoint
def add_template(body: TemplateIn, unit: WriteUnit) -> Answer[TemplateOut]:
    """Create a template."""
    return Answer(template_out(service.add(unit, Template, body.fields())))


@router.get("/{entry_id}/")
@endpoint
def retrieve_template(entry_id: Id, unit: ReadUnit) -> Answer[TemplateOut]:
    """Return one template."""
    return kept(Answer(template_out(service.get(unit, Template, entry_id))))


@router.patch("/{entry_id}/")
@endpoint
def update_template(entry_id: Id, body: TemplatePatch, unit: WriteUnit) -> Answer[TemplateOut]:
    """Change some fields of a template."""
    return Answer(template_out(service.update(unit, Template, entry_id, body.fields())))


@router.delete("/{entry_id}/", status_code=204)
@endpoint
def remove_template(entry_id: Id, unit: WriteUnit) -> Answer[None]:
    """Delete a template.

    The answer is a 409 while videos still have it.
    """
    service.remove(unit, Template, entry_id)
    return Answer(None)
