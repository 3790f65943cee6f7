"""The routes of productions themselves, and of the key."""

from fastapi import APIRouter, Response

from playout.api.answer import Answer
from playout.api.etags import ETAG_OR_304, IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.productions.answers import (
    KeyOut,
    ProductionOut,
    Removed,
    key_out,
    production_out,
)
from playout.api.productions.envelope import (
    DEFAULT_LIMIT,
    Batch,
    Cursor,
    Limit,
    Page,
    Success,
    before,
    page,
    success,
)
from playout.api.productions.wire import (
    ProductionChange,
    ProductionIn,
    ProductionPatch,
    Ref,
)
from playout.api.request import ApiRequest, RenderRequest
from playout.core.accounts import queries as accounts
from playout.core.batch import Change
from playout.core.distributions import productions as service
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Video
from playout.kit.ids import serial

router = APIRouter(route_class=StrictRoute, tags=["productions"])
ALL, ONE = "/productions", "/productions/{production_id}"


@router.get("/key", response_model=KeyOut)
def show_key(call: RenderRequest) -> Response:
    """The credential that the request came with. This object alone stands in no envelope."""

    def use(unit: ReadUnit) -> Answer:
        key = accounts.own_key(unit)
        name, settings = (key.name, key.settings) if key else (unit.principal.name, {})
        return Answer(key_out(unit.principal, name, settings, projects.default_id(unit)))

    return call.answer_read(use)


@router.get(ALL, response_model=Page[ProductionOut])
def list_productions(
    call: ApiRequest,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
    property: str | None = None,
) -> Response:
    """The productions that the key has access to, newest first; `property` names one project's."""
    project_id = None if property is None else serial(property)

    def use(unit: ReadUnit) -> Answer:
        found = service.page(unit, limit + 1, before(cursor), project_id)
        return page([production_out(video) for video in found], limit)

    return call.answer_read(use)


@router.post(ALL, status_code=201, response_model=Success[ProductionOut])
def create_productions(body: Batch[ProductionIn], call: ApiRequest) -> Response:
    """Enter productions, all of them or none."""

    def use(unit: WriteUnit) -> Answer:
        found = service.create(unit, [item.fields() for item in body])
        return success([production_out(video) for video in found], 201)

    return call.answer_write(use)


@router.patch(ALL, response_model=Success[ProductionOut], openapi_extra=IF_MATCH)
def change_productions(body: Batch[ProductionChange], call: ApiRequest) -> Response:
    """Change productions, all of them or none."""

    def use(unit: WriteUnit) -> Answer:
        found = service.update_many(unit, [item.to_change() for item in body])
        return success([production_out(video) for video in found])

    return call.answer_write(use)


@router.delete(ALL, response_model=Success[Removed], openapi_extra=IF_MATCH)
def delete_productions(body: Batch[Ref], call: ApiRequest) -> Response:
    """Delete productions, all of them or none."""

    def use(unit: WriteUnit) -> Answer:
        service.remove_many(unit, [item.id for item in body])
        return success([{"id": str(item.id)} for item in body])

    return call.answer_write(use)


@router.get(ONE, response_model=Success[ProductionOut], openapi_extra=ETAG_OR_304)
def show_production(production_id: str, call: ApiRequest) -> Response:
    """One production."""
    return call.answer_read(lambda unit: _one(service.get(unit, serial(production_id))))


@router.patch(ONE, response_model=Success[ProductionOut], openapi_extra=IF_MATCH_AND_ETAG)
def change_production(production_id: str, body: ProductionPatch, call: ApiRequest) -> Response:
    """Change one production."""
    change = Change(serial(production_id), body.fields())
    return call.answer_write(lambda unit: _one(service.update(unit, change)))


@router.delete(ONE, response_model=Success[Removed], openapi_extra=IF_MATCH)
def delete_production(production_id: str, call: ApiRequest) -> Response:
    """Delete one production."""

    def use(unit: WriteUnit) -> Answer:
        service.remove(unit, serial(production_id))
        return success([{"id": production_id}])

    return call.answer_write(use)


def _one(video: Video) -> Answer:
    return success([production_out(video)], etag=video.etag)
