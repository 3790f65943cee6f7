"""Routes of distributions, which are child resources of a production.

They differ from those of activations only in the JSON of the answers.
"""

from collections.abc import Sequence

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.etags import ETAG, IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.productions.schemas.distributions import (
    DistributionIn,
    DistributionItemPatch,
    DistributionOut,
    DistributionPatch,
    distributions_out,
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
from playout.api.request import ApiRuntime
from playout.core.batch import Change
from playout.core.distributions import productions, queries, service
from playout.core.distributions.model import Distribution
from playout.core.unit import ReadUnit, WriteUnit
from playout.runtime import Runtime

router = APIRouter(
    prefix="/productions/{production_id}/distributions",
    route_class=StrictRoute,
    tags=["distributions"],
)


@router.get("")
@endpoint
def list_distributions(
    production_id: IdPath,
    unit: ReadUnit,
    runtime: ApiRuntime,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Answer[Page[DistributionOut]]:
    """List the distributions of a production, newest first."""
    production = productions.get(unit, production_id)
    found = queries.page(unit, Distribution, production, limit + 1, read_cursor(cursor))
    return Answer(page(distributions_out(unit, production, found, runtime.playback), limit))


@router.post("", status_code=201)
@endpoint
def create_distributions(
    production_id: IdPath, body: Batch[DistributionIn], unit: WriteUnit, runtime: ApiRuntime
) -> Answer[Success[DistributionOut]]:
    """Add distributions to a production, all of them or none."""
    items = [item.to_input() for item in body]
    created = service.create(unit, Distribution, production_id, items)
    return Answer(_success(unit, runtime, production_id, created))


@router.patch("", openapi_extra=IF_MATCH)
@endpoint
def change_distributions(
    production_id: IdPath, body: Batch[DistributionItemPatch], unit: WriteUnit, runtime: ApiRuntime
) -> Answer[Success[DistributionOut]]:
    """Change distributions, all of them or none."""
    changes = [item.to_change() for item in body]
    changed = service.update_many(unit, Distribution, production_id, changes)
    return Answer(_success(unit, runtime, production_id, changed))


@router.delete("", openapi_extra=IF_MATCH)
@endpoint
def delete_distributions(
    production_id: IdPath, body: Batch[ItemRef], unit: WriteUnit
) -> Answer[Success[DeletedOut]]:
    """Delete distributions, all of them or none."""
    ids = [item.id for item in body]
    service.remove_many(unit, Distribution, production_id, ids)
    return Answer(success([deleted_out(each) for each in ids]))


@router.get("/{distribution_id}", openapi_extra=ETAG)
@endpoint
def show_distribution(
    production_id: IdPath, distribution_id: IdPath, unit: ReadUnit, runtime: ApiRuntime
) -> Answer[Success[DistributionOut]]:
    """Return one distribution."""
    production = productions.get(unit, production_id)
    distribution = service.get(unit, Distribution, production, distribution_id)
    return Answer(
        _success(unit, runtime, production_id, [distribution]),
        etag=distribution.etag,
        # Its status and its playback address follow its video and the clock.
        can_be_unmodified=False,
    )


@router.patch("/{distribution_id}", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def change_distribution(
    production_id: IdPath,
    distribution_id: IdPath,
    body: DistributionPatch,
    unit: WriteUnit,
    runtime: ApiRuntime,
) -> Answer[Success[DistributionOut]]:
    """Change one distribution."""
    change = Change(distribution_id, body.to_input())
    distribution = service.update(unit, Distribution, production_id, change)
    return Answer(_success(unit, runtime, production_id, [distribution]), etag=distribution.etag)


@router.delete("/{distribution_id}", openapi_extra=IF_MATCH)
@endpoint
def delete_distribution(
    production_id: IdPath, distribution_id: IdPath, unit: WriteUnit
) -> Answer[Success[DeletedOut]]:
    """Delete one distribution."""
    service.remove(unit, Distribution, production_id, distribution_id)
    return Answer(success([deleted_out(distribution_id)]))


def _success(
    unit: ReadUnit, runtime: Runtime, production_id: int, distributions: Sequence[Distribution]
) -> Success[DistributionOut]:
    production = productions.get(unit, production_id)
    return success(distributions_out(unit, production, distributions, runtime.playback))
