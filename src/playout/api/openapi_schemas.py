"""Corrections of FastAPI's document, so that generators of clients understand all of it."""

import json
import re

from playout.api.openapi_components import Json

SCHEMA_REFERENCE = re.compile(r"(?<=\"#/components/schemas/)[^\"]+")
REFERENCE = re.compile(r"\"#/components/(\w+)/([^\"]+)\"")
PRUNED_SECTIONS = ("responses", "parameters", "headers", "schemas")
"""Sections of the components, each before those that its members refer to."""


def clean(document: Json) -> Json:
    """Return the document with whole numbers as integers, and a title of its own in each schema.

    FastAPI makes every bound a float. Pydantic names the schema of `ListOf[VideoOut]`
    `ListOf_VideoOut_`, with the same title as every other `ListOf`. Generators name classes after
    titles, so both become `ListOfVideoOut`.
    """
    text = SCHEMA_REFERENCE.sub(lambda match: _plain(match[0]), json.dumps(document))
    cleaned: Json = json.loads(text, parse_float=_number)
    section = cleaned.get("components", {})
    section["schemas"] = {
        _plain(name): schema | {"title": _plain(name)}
        for name, schema in section.get("schemas", {}).items()
    }
    return cleaned


def remove_null(body: Json) -> None:
    """Leave null out of the schema of an optional body, which one can leave out instead.

    Generated clients fail when a body is left out whose type is a union, also one with null.
    """
    for content in body.get("content", {}).values():
        match content["schema"]:
            case {"anyOf": [schema, {"type": "null"}]} if not body.get("required"):
                content["schema"] = schema


def remove_unused(document: Json) -> None:
    """Remove the components that no operation uses, directly or through others."""
    section = document["components"]
    while unused := _unused(document):
        for kind in PRUNED_SECTIONS:  # not in place: the documents share their components
            kept = section[kind].items()
            section[kind] = {name: each for name, each in kept if (kind, name) not in unused}
    accepted = _accepted_schemes(document)
    schemes = section["securitySchemes"].items()
    section["securitySchemes"] = {name: each for name, each in schemes if name in accepted}


def _unused(document: Json) -> set[tuple[str, str]]:
    """Return kind and name of the components to which nothing refers."""
    section = document["components"]
    return {(kind, name) for kind in PRUNED_SECTIONS for name in section[kind]} - _references(
        document
    )


def _references(document: Json) -> set[tuple[str, str]]:
    return set(REFERENCE.findall(json.dumps(document)))


def _accepted_schemes(document: Json) -> set[str]:
    """Return the names of the security schemes that at least one operation accepts."""
    operations = [each for path in document["paths"].values() for each in path.values()]
    alternatives = list(document["security"])
    for operation in operations:
        alternatives += operation.get("security", [])
    return {name for alternative in alternatives for name in alternative}


def _plain(name: str) -> str:
    return name.replace("_", "")


def _number(text: str) -> float:
    value = float(text)
    return int(value) if value.is_integer() else value
