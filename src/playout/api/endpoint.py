"""Endpoints: plain functions that get a unit of work and return a typed answer.

    @router.post("/{channel}/disable")
    @endpoint
    def disable_share(project_id: ProjectId, channel: Channel, unit: WriteUnit) -> Answer[ShareOut]:
        return Answer(share_out(shares.disable(unit, project_id, channel)))

The type of `unit` says whether an endpoint reads or writes. A write commits before the answer is
sent. The type in `Answer[…]` becomes the response model of the OpenAPI document.
"""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any, get_args

from starlette.responses import Response

from playout.api.answer import Answer
from playout.api.request import ApiRequest, OpenRequest, RenderRequest
from playout.core.unit import ReadUnit, WriteUnit

Endpoint = Callable[..., Answer[Any]]
Route = Callable[..., Response]


def endpoint(function: Endpoint) -> Route:
    """Return the route function of an endpoint for keys, members and sub-accounts."""
    return _route(function, ApiRequest)


def render_endpoint(function: Endpoint) -> Route:
    """Return the route function of an endpoint that also accepts render credentials."""
    return _route(function, RenderRequest)


def _route(function: Endpoint, request_type: Any) -> Route:
    signature = inspect.signature(function, eval_str=True)
    unit = _unit_parameter(function, signature)
    writes = unit.annotation is WriteUnit

    def route(*, open_request: OpenRequest, **arguments: Any) -> Response:
        use = partial(_call, function, unit.name, arguments)
        return open_request.answer_write(use) if writes else open_request.answer_read(use)

    kept = [each for each in signature.parameters.values() if each is not unit]
    request = inspect.Parameter(
        "open_request", inspect.Parameter.KEYWORD_ONLY, annotation=request_type
    )
    route.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[
            *(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in kept),
            request,
        ],
        return_annotation=_response_model(signature),
    )
    route.__name__, route.__doc__ = function.__name__, function.__doc__
    route.__module__, route.__qualname__ = function.__module__, function.__qualname__
    return route


def _call(
    function: Endpoint, unit_name: str, arguments: dict[str, Any], unit: ReadUnit
) -> Answer[Any]:
    return function(**arguments, **{unit_name: unit})


def _response_model(signature: inspect.Signature) -> Any:
    """Return the type in `Answer[…]`. None stands for an answer without a body."""
    model = get_args(signature.return_annotation)[0]
    return None if model is type(None) else model


def _unit_parameter(function: Endpoint, signature: inspect.Signature) -> inspect.Parameter:
    units = [
        each for each in signature.parameters.values() if each.annotation in (ReadUnit, WriteUnit)
    ]
    if len(units) != 1:
        raise TypeError(f"{function.__qualname__} needs one ReadUnit or WriteUnit.")
    return units[0]
