"""Routes of activations, which are child resources of a production.

They differ from those of distributions only in the JSON of the answers.
"""

from collections.abc import Sequence

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.etags import ETAG, IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.productions.schemas.activations import (
    ActivationIn,
    ActivationItemPatch,
    ActivationOut,
    ActivationPatch,
    At,
    Country,
    PreviewOut,
    activation_out,
    preview_out,
)
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
from playout.api.productions.schemas.resources import DeletedOut, ItemRef, deleted_out
from playout.api.productions.schemas.types import IdPath
from playout.core.batch import Change
from playout.core.distributions import productions, queries, service
from playout.core.distributions.campaigns import Viewer
from playout.core.distributions.model import Activation
from playout.core.distributions.preview import preview
from playout.core.distributions.settings import Platform
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(
    prefix="/productions/{production_id}/activations",
    route_class=StrictRoute,
    tags=["activations"],
)


@router.get("")
@endpoint
def list_activations(
    production_id: IdPath, unit: ReadUnit, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Answer[Page[ActivationOut]]:
    """List the activations of a production, newest first."""
    production = productions.get(unit, production_id)
    found = queries.page(unit, Activation, production, limit + 1, read_cursor(cursor))
    return Answer(page([activation_out(each, unit.now) for each in found], limit))


@router.post("", status_code=201)
@endpoint
def create_activations(
    production_id: IdPath, body: Batch[ActivationIn], unit: WriteUnit
) -> Answer[Success[ActivationOut]]:
    """Add activations to a production, all of them or none."""
    items = [item.to_input() for item in body]
    return Answer(_success(unit, service.create(unit, Activation, production_id, items)))


@router.patch("", openapi_extra=IF_MATCH)
@endpoint
def change_activations(
    production_id: IdPath, body: Batch[ActivationItemPatch], unit: WriteUnit
) -> Answer[Success[ActivationOut]]:
    """Change activations, all of them or none."""
    changes = [item.to_change() for item in body]
    return Answer(_success(unit, service.update_many(unit, Activation, production_id, changes)))


@router.delete("", openapi_extra=IF_MATCH)
@endpoint
def delete_activations(
    production_id: IdPath, body: Batch[ItemRef], unit: WriteUnit
) -> Answer[Success[DeletedOut]]:
    """Delete activations, all of them or none."""
    ids = [item.id for item in body]
    service.remove_many(unit, Activation, production_id, ids)
    return Answer(success([deleted_out(each) for each in ids]))


@router.get("/{activation_id}", openapi_extra=ETAG)
@endpoint
def show_activation(
    production_id: IdPath, activation_id: IdPath, unit: ReadUnit
) -> Answer[Success[ActivationOut]]:
    """Return one activation."""
    production = productions.get(unit, production_id)
    activation = service.get(unit, Activation, production, activation_id)
    return Answer(
        _success(unit, [activation]),
        etag=activation.etag,
        # Its status follows the clock.
        can_be_unmodified=False,
    )


@router.get("/{activation_id}/preview")
@endpoint
def preview_activation(
    production_id: IdPath,
    activation_id: IdPath,
    unit: ReadUnit,
    *,
    at: At = None,
    region: Country = None,
    platform: Platform = Platform.WEB,
) -> Answer[Success[PreviewOut]]:
    """Say whether a viewer would get the production, and why not."""
    viewer = Viewer(region, platform)
    found = preview(unit, production_id, activation_id, viewer, at)
    return Answer(success([preview_out(found)]))


@router.patch("/{activation_id}", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def change_activation(
    production_id: IdPath, activation_id: IdPath, body: ActivationPatch, unit: WriteUnit
) -> Answer[Success[ActivationOut]]:
    """Change one activation."""
    change = Change(activation_id, body.to_input())
    activation = service.update(unit, Activation, production_id, change)
    return Answer(_success(unit, [activation]), etag=activation.etag)


@router.delete("/{activation_id}", openapi_extra=IF_MATCH)
@endpoint
def delete_activation(
    production_id: IdPath, activation_id: IdPath, unit: WriteUnit
) -> Answer[Success[DeletedOut]]:
    """Delete one activation."""
    service.remove(unit, Activation, production_id, activation_id)
    return Answer(success([deleted_out(activation_id)]))


def _success(unit: ReadUnit, activations: Sequence[Activation]) -> Success[ActivationOut]:
    return success([activation_out(each, unit.now) for each in activations])
