"""The routes of activations: when, where and on what a production runs."""

from collections.abc import Sequence

from fastapi import APIRouter, Response

from playout.api.etags import ETAG, IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.productions.answers import ActivationOut, Removed, activation_out
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
from playout.api.productions.wire import ActivationChange, ActivationIn, ActivationPatch, Ref
from playout.api.request import ApiRequest, OpenRequest
from playout.core.distributions.model import Activation
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video

router = APIRouter(
    prefix="/productions/{production_id}/activations",
    route_class=StrictRoute,
    tags=["activations"],
)
ONE = "/{activation_id}"


@router.get("", response_model=Page[ActivationOut])
def list_activations(
    production_id: str, call: ApiRequest, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """The activations of a production, newest first."""
    return _parts(call, production_id).page(limit, cursor)


@router.post("", status_code=201, response_model=Success[ActivationOut])
def create_activations(production_id: str, body: Batch[ActivationIn], call: ApiRequest) -> Response:
    """Add activations to a production, all of them or none."""
    return _parts(call, production_id).add(body)


@router.patch("", openapi_extra=IF_MATCH, response_model=Success[ActivationOut])
def change_activations(
    production_id: str, body: Batch[ActivationChange], call: ApiRequest
) -> Response:
    """Change activations, all of them or none."""
    return _parts(call, production_id).change_many(body)


@router.delete("", openapi_extra=IF_MATCH, response_model=Success[Removed])
def delete_activations(production_id: str, body: Batch[Ref], call: ApiRequest) -> Response:
    """Delete activations, all of them or none."""
    return _parts(call, production_id).remove_many(body)


@router.get(ONE, response_model=Success[ActivationOut], openapi_extra=ETAG)
def show_activation(production_id: str, activation_id: str, call: ApiRequest) -> Response:
    """One activation."""
    return _parts(call, production_id).one(activation_id)


@router.patch(ONE, response_model=Success[ActivationOut], openapi_extra=IF_MATCH_AND_ETAG)
def change_activation(
    production_id: str, activation_id: str, body: ActivationPatch, call: ApiRequest
) -> Response:
    """Change one activation."""
    return _parts(call, production_id).change(activation_id, body)


@router.delete(ONE, response_model=Success[Removed], openapi_extra=IF_MATCH)
def delete_activation(production_id: str, activation_id: str, call: ApiRequest) -> Response:
    """Delete one activation."""
    return _parts(call, production_id).remove(activation_id)


def _parts(call: OpenRequest, production_id: str) -> Parts[Activation]:
    def show(unit: ReadUnit, video: Video, found: Sequence[Activation]) -> Sequence[Identified]:  # noqa: ARG001
        return [activation_out(each, unit.now) for each in found]

    return Parts(call, Activation, production_id, show)
