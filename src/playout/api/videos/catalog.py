"""Routes of the catalog: the same five for templates, categories, subcategories and tags."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Response

from playout.api.answer import Answer
from playout.api.body import StrictRoute
from playout.api.call import Call
from playout.api.fields import Id
from playout.api.videos.catalog_wire import EntryIn, EntryPatch, entry_out, fields_of
from playout.api.videos.paging import Page
from playout.core.catalog import service
from playout.core.catalog.model import CatalogEntry, Category, Subcategory, Tag, Template
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import tagging

router = APIRouter(route_class=StrictRoute, tags=["catalog"])

Endpoint = Callable[..., Response]
KINDS: dict[str, type[CatalogEntry]] = {
    "templates": Template,
    "categories": Category,
    "subcategories": Subcategory,
    "tags": Tag,
}


def _lists(kind: type[CatalogEntry]) -> Endpoint:
    def list_entries(call: Call, page: Page) -> Response:
        def use(unit: ReadUnit) -> Answer:
            rows, count = service.page(unit, kind, page.offset, page.size)
            return Answer(page.of(rows, count, call.runtime.settings.base_url, entry_out))

        return call.show(use)

    return list_entries


def _adds(kind: type[CatalogEntry]) -> Endpoint:
    def add(body: EntryIn, call: Call) -> Response:
        fields = fields_of(kind, body)
        return call.answer(lambda unit: Answer(entry_out(service.add(unit, kind, fields)), 201))

    return add


def _retrieves(kind: type[CatalogEntry]) -> Endpoint:
    def retrieve(entry_id: Id, call: Call) -> Response:
        return call.show(lambda unit: Answer(entry_out(service.get(unit, kind, entry_id))))

    return retrieve


def _updates(kind: type[CatalogEntry]) -> Endpoint:
    def update(entry_id: Id, body: EntryPatch, call: Call) -> Response:
        fields = fields_of(kind, body)
        return call.answer(lambda unit: Answer(entry_out(_changed(unit, kind, entry_id, fields))))

    return update


def _removes(kind: type[CatalogEntry]) -> Endpoint:
    def remove(entry_id: Id, call: Call) -> Response:
        def use(unit: WriteUnit) -> Answer:
            if kind is Tag:
                tagging.remove(unit, entry_id)
            else:
                service.remove(unit, kind, entry_id)
            return Answer(None, 204)

        return call.answer(use)

    return remove


def _changed(
    unit: WriteUnit, kind: type[CatalogEntry], entry_id: int, fields: dict[str, Any]
) -> CatalogEntry:
    if kind is Tag:
        return tagging.rename(unit, entry_id, fields)
    return service.update(unit, kind, entry_id, fields)


for name, kind in KINDS.items():
    for method, path, endpoint, status, doing in (
        ("GET", "", _lists(kind), 200, "List"),
        ("POST", "", _adds(kind), 201, "Add to"),
        ("GET", "{entry_id}/", _retrieves(kind), 200, "Read one of"),
        ("PATCH", "{entry_id}/", _updates(kind), 200, "Change one of"),
        ("DELETE", "{entry_id}/", _removes(kind), 204, "Remove one of"),
    ):
        router.add_api_route(
            f"/{name}/{path}",
            endpoint,
            methods=[method],
            status_code=status,
            summary=f"{doing} the {name}",
            operation_id=f"{doing} {name}".lower().replace(" ", "_"),
        )
