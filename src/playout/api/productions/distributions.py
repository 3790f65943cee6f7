"""The routes of distributions: how a production is packaged and delivered."""

from collections.abc import Sequence

from fastapi import APIRouter, Response, status

from playout.api.body import StrictRoute
from playout.api.call import Call, OneCall
from playout.api.productions.envelope import DEFAULT_LIMIT, Batch, Cursor, Json, Limit
from playout.api.productions.parts import Parts
from playout.api.productions.wire import PartChange, PartIn, PartPatch, Ref, distribution_out
from playout.core.distributions.delivery import made_of
from playout.core.distributions.model import Distribution
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video

router = APIRouter(
    prefix="/productions/{production_id}/distributions",
    route_class=StrictRoute,
    tags=["distributions"],
)


@router.get("")
def list_distributions(
    production_id: str, call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """The distributions of a production, newest first."""
    return _parts(call, production_id).page(limit, cursor)


@router.post("", status_code=status.HTTP_201_CREATED)
def create_distributions(production_id: str, body: Batch[PartIn], call: Call) -> Response:
    """Add distributions to a production, all of them or none."""
    return _parts(call, production_id).add(body)


@router.patch("")
def change_distributions(production_id: str, body: Batch[PartChange], call: Call) -> Response:
    """Change distributions, all of them or none."""
    return _parts(call, production_id).change_many(body)


@router.delete("")
def delete_distributions(production_id: str, body: Batch[Ref], call: Call) -> Response:
    """Delete distributions, all of them or none."""
    return _parts(call, production_id).remove_many(body)


@router.get("/{distribution_id}")
def show_distribution(production_id: str, distribution_id: str, call: Call) -> Response:
    """One distribution."""
    return _parts(call, production_id).one(distribution_id)


@router.patch("/{distribution_id}")
def change_distribution(
    production_id: str, distribution_id: str, body: PartPatch, call: Call
) -> Response:
    """Change one distribution."""
    return _parts(call, production_id).change(distribution_id, body)


@router.delete("/{distribution_id}")
def delete_distribution(production_id: str, distribution_id: str, call: Call) -> Response:
    """Delete one distribution."""
    return _parts(call, production_id).remove(distribution_id)


def _parts(call: OneCall, production_id: str) -> Parts[Distribution]:
    def show(unit: ReadUnit, video: Video, found: Sequence[Distribution]) -> list[Json]:
        made, playback = made_of(unit, video), call.runtime.playback
        return [distribution_out(each, made, playback, unit.now) for each in found]

    return Parts(call, Distribution, production_id, show)
