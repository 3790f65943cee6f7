"""Routes of productions."""

from fastapi import APIRouter

from playout.api.answer import Answer, kept
from playout.api.endpoint import endpoint
from playout.api.etags import ETAG_OR_304, IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.productions.schemas.envelope import (
    DEFAULT_LIMIT,
    Batch,
    Cursor,
    Limit,
    Page,
    Success,
    page,
    read_cursor,
    success,
)
from playout.api.productions.schemas.productions import (
    ProductionIn,
    ProductionItemPatch,
    ProductionOut,
    ProductionPatch,
    production_out,
)
from playout.api.productions.schemas.resources import DeletedOut, ItemRef, deleted_out
from playout.api.productions.schemas.types import IdPath
from playout.core.batch import Change
from playout.core.distributions import productions as service
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Video

router = APIRouter(prefix="/productions", route_class=StrictRoute, tags=["productions"])


@router.get("")
@endpoint
def list_productions(
    unit: ReadUnit,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
    property: IdPath | None = None,
) -> Answer[Page[ProductionOut]]:
    """List the productions that the key may use, newest first, of one property or of all."""
    found = service.page(unit, limit + 1, read_cursor(cursor), property)
    answer = Answer(page([production_out(video) for video in found], limit))
    return answer if cursor else kept(answer)


@router.post("", status_code=201)
@endpoint
def create_productions(
    body: Batch[ProductionIn], unit: WriteUnit
) -> Answer[Success[ProductionOut]]:
    """Create productions, all of them or none."""
    created = service.create(unit, [item.to_input() for item in body])
    return Answer(success([production_out(video) for video in created]))


@router.patch("", openapi_extra=IF_MATCH)
@endpoint
def change_productions(
    body: Batch[ProductionItemPatch], unit: WriteUnit
) -> Answer[Success[ProductionOut]]:
    """Change productions, all of them or none."""
    changed = service.update_many(unit, [item.to_change() for item in body])
    return Answer(success([production_out(video) for video in changed]))


@router.delete("", openapi_extra=IF_MATCH)
@endpoint
def delete_productions(body: Batch[ItemRef], unit: WriteUnit) -> Answer[Success[DeletedOut]]:
    """Delete productions, all of them or none."""
    ids = [item.id for item in body]
    service.remove_many(unit, ids)
    return Answer(success([deleted_out(each) for each in ids]))


@router.get("/{production_id}", openapi_extra=ETAG_OR_304)
@endpoint
def show_production(production_id: IdPath, unit: ReadUnit) -> Answer[Success[ProductionOut]]:
    """Return one production."""
    return kept(_answer(service.get(unit, production_id)))


@router.patch("/{production_id}", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def change_production(
    production_id: IdPath, body: ProductionPatch, unit: WriteUnit
) -> Answer[Success[ProductionOut]]:
    """Change one production."""
    return _answer(service.update(unit, Change(production_id, body.to_input())))


@router.delete("/{production_id}", openapi_extra=IF_MATCH)
@endpoint
def delete_production(production_id: IdPath, unit: WriteUnit) -> Answer[Success[DeletedOut]]:
    """Delete one production."""
    service.remove(unit, production_id)
    return Answer(success([deleted_out(production_id)]))


def _answer(video: Video) -> Answer[Success[ProductionOut]]:
    return Answer(success([production_out(video)]), etag=video.etag)
