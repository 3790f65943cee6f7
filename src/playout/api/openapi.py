"""The OpenAPI document of an API: FastAPI's own, with what holds for every route added."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from inspect import getdoc
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import TypeAdapter

from playout.api import openapi_components as components
from playout.api.errors import STATUS
from playout.api.etags import (
    ETAG_HEADER,
    EXTENSION,
    IF_MATCH_HEADER,
    IF_NONE_MATCH_HEADER,
    WRITES_NOTHING,
)
from playout.api.openapi_components import Json, reference, references
from playout.api.openapi_schemas import clean, remove_null, remove_unused
from playout.api.request import takes_render_credentials
from playout.kit.errors import PlayoutError

FASTAPI_SCHEMAS = ("HTTPValidationError", "ValidationError")
"""Schemas of FastAPI's own errors, which no API returns."""
STATUSES_WITHOUT_RATE_LIMIT = frozenset({401, 500, 503})
"""Errors whose answer may lack the rate limit, because the request may not have been counted."""


@dataclass(frozen=True, slots=True)
class ApiInfo:
    """The texts of a document about its whole API, and the type of the body of its errors.

    `tags` describes each tag of its routes.
    """

    title: str
    description: str
    tags: Mapping[str, str]
    error: Any
    error_media_type: str = "application/json"


def install_openapi(app: FastAPI, info: ApiInfo, prefix: str) -> None:
    """Serve the completed document of the app, which is built on the first request.

    `prefix` is the path of the public address, which the app does not see in its own paths.
    """
    build = app.openapi
    app.openapi = cache(  # type: ignore[method-assign]
        lambda: _completed(clean(build()), app, info)
    )

    async def document(request: Request) -> JSONResponse:
        base = prefix + request.scope.get("root_path", "")
        return JSONResponse(app.openapi() | {"servers": [{"url": base or "/"}]})

    app.add_route("/openapi.json", document, include_in_schema=False)


def _completed(document: Json, app: FastAPI, info: ApiInfo) -> Json:
    errors = {STATUS[each.code]: each for each in _documented_errors()}
    for route, method in _operations(app):
        operation = document["paths"][route.path_format][method.lower()]
        operation["operationId"] = str(route.name)
        _add_summary(operation)
        _complete(operation, method, errors)
        if takes_render_credentials(route.dependant):
            operation["security"] = components.MEMBER_SECURITY + components.RENDER_SECURITY
    _add_components(document.setdefault("components", {}), errors, info)
    document["security"] = components.MEMBER_SECURITY
    remove_unused(document)
    return document


def _documented_errors() -> Iterator[type[PlayoutError]]:
    return (each for each in PlayoutError.__subclasses__() if each.code in STATUS)


def _operations(app: FastAPI) -> Iterator[tuple[RouteContext, str]]:
    """Yield each route of the document with each of its methods."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and route.include_in_schema:
            yield from ((route, method) for method in route.methods or ())


def _add_summary(operation: Json) -> None:
    """Take the first paragraph of the description as the summary."""
    description = str(operation.get("description") or operation["summary"])
    operation["summary"] = description.partition("\n\n")[0].rstrip(".")


def _complete(operation: Json, method: str, errors: dict[int, type[PlayoutError]]) -> None:
    """Add the headers, parameters and errors that follow from what the operation does."""
    etag = operation.pop(EXTENSION, ())
    remove_null(operation.get("requestBody", {}))
    writes = method != "GET" and WRITES_NOTHING not in etag
    responses = operation["responses"]
    # FastAPI's own validation error. These APIs answer invalid requests with a 400.
    responses.pop("422", None)
    names = [ETAG_HEADER] if ETAG_HEADER in etag else []
    if writes:
        names.append("Idempotency-Replayed")
    for response in responses.values():
        response["headers"] = _common_headers(*names)
    if IF_NONE_MATCH_HEADER in etag:
        responses["304"] = {
            "description": "The client has the current version.",
            "headers": _common_headers(ETAG_HEADER),
        }
    for status in _error_statuses(operation, writes, etag):
        responses[str(status)] = reference("responses", errors[status].__name__)
    _add_header_parameters(operation, writes, etag)


def _common_headers(*names: str) -> Json:
    return references("headers", "X-Request-Id", *components.RATE_LIMIT_HEADERS, *names)


def _add_header_parameters(operation: Json, writes: bool, etag: Sequence[str]) -> None:
    names = [name for name in (IF_MATCH_HEADER, IF_NONE_MATCH_HEADER) if name in etag]
    if writes:
        names.append("Idempotency-Key")
    if names:
        parameters = operation.setdefault("parameters", [])
        parameters += [reference("parameters", name) for name in names]


def _error_statuses(operation: Json, writes: bool, etag: Sequence[str]) -> Iterator[int]:
    """Yield the statuses of the errors that an operation can return, by what it accepts."""
    body = operation.get("requestBody", {}).get("content", {})
    if body or writes or operation.get("parameters"):
        yield 400
    yield from (401, 403)
    if body or operation.get("parameters"):
        yield 404
    if writes:
        yield 409
    if IF_MATCH_HEADER in etag:
        yield 412
    if body:
        yield from (413, 415)
    if writes:
        yield 422
    yield from (429, 500, 503)
    if body and "application/json" not in body:
        yield 507


def _add_components(section: Json, errors: dict[int, type[PlayoutError]], info: ApiInfo) -> None:
    schemas = section.setdefault("schemas", {})
    for name in FASTAPI_SCHEMAS:
        schemas.pop(name, None)
    error = TypeAdapter(info.error).json_schema(
        mode="serialization", ref_template=reference("schemas", "{model}")["$ref"]
    )
    schemas |= error.pop("$defs", {}) | {error["title"]: error}
    section["responses"] = {
        each.__name__: _error_response(status, each, error["title"], info)
        for status, each in errors.items()
    }
    section["headers"] = components.HEADERS
    section["parameters"] = components.PARAMETERS
    section["securitySchemes"] = components.SECURITY_SCHEMES


def _error_response(status: int, error: type[PlayoutError], schema: str, info: ApiInfo) -> Json:
    names = ["X-Request-Id"]
    if status not in STATUSES_WITHOUT_RATE_LIMIT:
        names += components.RATE_LIMIT_HEADERS
    if status == 401:
        names.append("WWW-Authenticate")
    if status in {429, 503}:
        names.append("Retry-After")
    return {
        "description": (getdoc(error) or "").partition("\n\n")[0],
        "headers": references("headers", *names),
        "content": {info.error_media_type: {"schema": reference("schemas", schema)}},
    }
