"""Routes of the catalog: the same five for templates, categories, subcategories and tags."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response

from playout.api.answer import Answer
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest
from playout.api.types import Id
from playout.api.videos import catalog_wire as wire
from playout.api.videos.paging import ListOf, Page
from playout.core.catalog import service
from playout.core.catalog.model import CatalogEntry, Category, Subcategory, Tag, Template
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import tags as tagging

router = APIRouter(route_class=StrictRoute, tags=["catalog"])

Endpoint = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry: its table, what is taken whole and in part, and what is shown of it."""

    model: type[CatalogEntry]
    whole: type[wire.NamePatch]
    part: type[wire.NamePatch]
    shown: Any
    out: Callable[[Any], Any]


KINDS = {
    "templates": Kind(
        Template, wire.TemplateIn, wire.TemplatePatch, wire.VideoTemplate, wire.template_out
    ),
    "categories": Kind(Category, wire.NameIn, wire.NamePatch, wire.Named, wire.named_out),
    "subcategories": Kind(
        Subcategory,
        wire.SubcategoryIn,
        wire.SubcategoryPatch,
        wire.SubcategoryOut,
        wire.subcategory_out,
    ),
    "tags": Kind(Tag, wire.NameIn, wire.NamePatch, wire.Named, wire.named_out),
}


def _lists(kind: Kind) -> Endpoint:
    def list_entries(call: ApiRequest, page: Page) -> Response:
        def use(unit: ReadUnit) -> Answer:
            rows, count = service.page(unit, kind.model, page.offset, page.size)
            return Answer(page.of(rows, count, call.runtime.settings.base_url, kind.out))

        return call.answer_read(use)

    return list_entries


def _adds(kind: Kind) -> Endpoint:
    def add(body: wire.NamePatch, call: ApiRequest) -> Response:
        fields = body.fields()
        return call.answer_write(
            lambda unit: Answer(kind.out(service.add(unit, kind.model, fields)), 201)
        )

    return _taking(kind.whole, add)


def _retrieves(kind: Kind) -> Endpoint:
    def retrieve(entry_id: Id, call: ApiRequest) -> Response:
        return call.answer_read(
            lambda unit: Answer(kind.out(service.get(unit, kind.model, entry_id)))
        )

    return retrieve


def _updates(kind: Kind) -> Endpoint:
    def update(entry_id: Id, body: wire.NamePatch, call: ApiRequest) -> Response:
        fields = body.fields()
        return call.answer_write(
            lambda unit: Answer(kind.out(_changed(unit, kind.model, entry_id, fields)))
        )

    return _taking(kind.part, update)


def _removes(kind: Kind) -> Endpoint:
    def remove(entry_id: Id, call: ApiRequest) -> Response:
        def use(unit: WriteUnit) -> Answer:
            if kind.model is Tag:
                tagging.remove(unit, entry_id)
            else:
                service.remove(unit, kind.model, entry_id)
            return Answer(None, 204)

        return call.answer_write(use)

    return remove


def _changed(
    unit: WriteUnit, model: type[CatalogEntry], entry_id: int, fields: dict[str, Any]
) -> CatalogEntry:
    if model is Tag:
        return tagging.rename(unit, entry_id, fields)
    return service.update(unit, model, entry_id, fields)


def _list_of(shown: Any) -> Any:
    return ListOf[shown]


def _taking(body: type[wire.NamePatch], endpoint: Endpoint) -> Endpoint:
    """The endpoint with this kind's body: FastAPI reads it from the annotation."""
    endpoint.__annotations__["body"] = body
    return endpoint


for plural, kind in KINDS.items():
    noun = kind.model.__name__.lower()
    for method, path, endpoint, status, shown, name in (
        ("GET", "", _lists(kind), 200, _list_of(kind.shown), f"list_{plural}"),
        ("POST", "", _adds(kind), 201, kind.shown, f"add_{noun}"),
        ("GET", "{entry_id}/", _retrieves(kind), 200, kind.shown, f"retrieve_{noun}"),
        ("PATCH", "{entry_id}/", _updates(kind), 200, kind.shown, f"update_{noun}"),
        ("DELETE", "{entry_id}/", _removes(kind), 204, None, f"remove_{noun}"),
    ):
        router.add_api_route(
            f"/{plural}/{path}",
            endpoint,
            methods=[method],
            status_code=status,
            response_model=shown,
            name=name,
        )
