"""The OpenAPI document of an API: to what FastAPI finds out, all that holds for every route."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from inspect import getdoc
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import TypeAdapter

from playout.api import openapi_components as parts
from playout.api.errors import STATUS
from playout.api.etags import (
    ETAG_HEADER,
    EXTENSION,
    IF_MATCH_HEADER,
    IF_NONE_MATCH_HEADER,
    WRITES_NOTHING,
)
from playout.api.openapi_components import Json, reference, references
from playout.api.request import takes_render_credentials
from playout.kit.errors import PlayoutError

FASTAPIS_OWN = ("HTTPValidationError", "ValidationError")
WITHOUT_LIMITS = frozenset({401, 500, 503})
"""Errors that may come before the caller is counted, or instead of the answer that said so."""


@dataclass(frozen=True, slots=True)
class ApiInfo:
    """What a document says of its API as a whole; `error` is the JSON of what is refused."""

    title: str
    description: str
    error: Any
    error_media_type: str = "application/json"


def describe(app: FastAPI, info: ApiInfo) -> None:
    """Have the app give its document whole; it is made when it is first asked for."""
    make = app.openapi
    app.openapi = cache(lambda: _whole(_plain(make()), app, info))  # type: ignore[method-assign]


def _plain(document: Json) -> Json:
    """The document with whole numbers as such: FastAPI makes a float of each bound."""

    def number(text: str) -> float:
        value = float(text)
        return int(value) if value.is_integer() else value

    plain: Json = json.loads(json.dumps(document), parse_float=number)
    return plain


def _whole(document: Json, app: FastAPI, info: ApiInfo) -> Json:
    kinds = {STATUS[each.code]: each for each in _errors()}
    for route, method in _operations(app):
        operation = document["paths"][route.path_format][method.lower()]
        _complete(operation, method, kinds, takes_render_credentials(route.dependant))
        operation["operationId"] = str(route.name)
        told = operation.get("description", operation["summary"])
        operation["summary"] = told.partition("\n\n")[0].rstrip(".")
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in FASTAPIS_OWN:
        schemas.pop(name, None)
    error = TypeAdapter(info.error).json_schema(
        mode="serialization", ref_template=reference("schemas", "{model}")["$ref"]
    )
    schemas |= error.pop("$defs", {}) | {error["title"]: error}
    components["responses"] = {
        kind.__name__: _refusal(status, kind, error["title"], info)
        for status, kind in kinds.items()
    }
    components["headers"] = parts.HEADERS
    components["parameters"] = parts.PARAMETERS
    components["securitySchemes"] = parts.SCHEMES
    document["security"] = parts.MEMBERS
    return document


def _errors() -> Iterator[type[PlayoutError]]:
    return (kind for kind in PlayoutError.__subclasses__() if kind.code in STATUS)


def _operations(app: FastAPI) -> Iterator[tuple[RouteContext, str]]:
    """Each route with its methods, but for those that the document leaves out."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and route.include_in_schema:
            yield from ((route, method) for method in route.methods or ())


def _complete(
    operation: Json, method: str, kinds: dict[int, type[PlayoutError]], renders: bool
) -> None:
    etag = operation.pop(EXTENSION, ())
    writes = method != "GET" and WRITES_NOTHING not in etag
    responses = operation["responses"]
    # FastAPI's own error of validation: this API tells it otherwise.
    responses.pop("422", None)
    names = [ETAG_HEADER] if ETAG_HEADER in etag else []
    if writes:
        names.append("Idempotency-Replayed")
    for response in responses.values():
        response["headers"] = references("headers", "X-Request-Id", *parts.LIMITS, *names)
    if IF_NONE_MATCH_HEADER in etag:
        headers = references("headers", "X-Request-Id", *parts.LIMITS, ETAG_HEADER)
        responses["304"] = {"description": "The client has it already.", "headers": headers}
    for status in _statuses(operation, writes, etag):
        responses[str(status)] = reference("responses", kinds[status].__name__)
    sent = [name for name in (IF_MATCH_HEADER, IF_NONE_MATCH_HEADER) if name in etag]
    if writes:
        sent.append("Idempotency-Key")
    if sent:
        known = operation.setdefault("parameters", [])
        known += [reference("parameters", name) for name in sent]
    if renders:
        operation["security"] = parts.MEMBERS + parts.RENDERERS


def _statuses(operation: Json, writes: bool, etag: list[str]) -> Iterator[int]:
    """The errors that an operation can answer, by what it takes."""
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


def _refusal(status: int, kind: type[PlayoutError], schema: str, info: ApiInfo) -> Json:
    names = ["X-Request-Id", *(() if status in WITHOUT_LIMITS else parts.LIMITS)]
    if status == 401:
        names.append("WWW-Authenticate")
    if status == 429:
        names.append("Retry-After")
    return {
        "description": (getdoc(kind) or "").partition("\n\n")[0],
        "headers": references("headers", *names),
        "content": {info.error_media_type: {"schema": reference("schemas", schema)}},
    }
