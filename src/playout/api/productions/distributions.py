"""The routes of distributions: how a production is packaged and delivered."""

from collections.abc import Sequence

from fastapi import APIRouter, Response

from playout.api.etags import ETAG, IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.productions.answers import DistributionOut, Removed, distribution_out
from playout.api.productions.envelope import (
    DEFAULT_LIMIT,
    Batch,
    Cursor,
    Identified,
    Limit,
    Page,
    Success,
)
from playout.api.productions.parts import Parts
from playout.api.productions.wire import DistributionChange, DistributionIn, DistributionPatch, Ref
from playout.api.request import ApiRequest, OpenRequest
from playout.core.distributions.delivery import made_of
from playout.core.distributions.model import Distribution
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video

router = APIRouter(
    prefix="/productions/{production_id}/distributions",
    route_class=StrictRoute,
    tags=["distributions"],
)
ONE = "/{distribution_id}"


@router.get("", response_model=Page[DistributionOut])
def list_distributions(
    production_id: str, call: ApiRequest, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """The distributions of a production, newest first."""
    return _parts(call, production_id).page(limit, cursor)


@router.post("", status_code=201, response_model=Success[DistributionOut])
def create_distributions(
    production_id: str, body: Batch[DistributionIn], call: ApiRequest
) -> Response:
    """Add distributions to a production, all of them or none."""
    return _parts(call, production_id).add(body)


@router.patch("", openapi_extra=IF_MATCH, response_model=Success[DistributionOut])
def change_distributions(
    production_id: str, body: Batch[DistributionChange], call: ApiRequest
) -> Response:
    """Change distributions, all of them or none."""
    return _parts(call, production_id).change_many(body)


@router.delete("", openapi_extra=IF_MATCH, response_model=Success[Removed])
def delete_distributions(production_id: str, body: Batch[Ref], call: ApiRequest) -> Response:
    """Delete distributions, all of them or none."""
    return _parts(call, production_id).remove_many(body)


@router.get(ONE, response_model=Success[DistributionOut], openapi_extra=ETAG)
def show_distribution(production_id: str, distribution_id: str, call: ApiRequest) -> Response:
    """One distribution."""
    return _parts(call, production_id).one(distribution_id)


@router.patch(ONE, response_model=Success[DistributionOut], openapi_extra=IF_MATCH_AND_ETAG)
def change_distribution(
    production_id: str, distribution_id: str, body: DistributionPatch, call: ApiRequest
) -> Response:
    """Change one distribution."""
    return _parts(call, production_id).change(distribution_id, body)


@router.delete(ONE, response_model=Success[Removed], openapi_extra=IF_MATCH)
def delete_distribution(production_id: str, distribution_id: str, call: ApiRequest) -> Response:
    """Delete one distribution."""
    return _parts(call, production_id).remove(distribution_id)


def _parts(call: OpenRequest, production_id: str) -> Parts[Distribution]:
    def show(unit: ReadUnit, video: Video, found: Sequence[Distribution]) -> Sequence[Identified]:
        made, playback = made_of(unit, video), call.runtime.playback
        return [distribution_out(each, made, playback, unit.now) for each in found]

    return Parts(call, Distribution, production_id, show)
