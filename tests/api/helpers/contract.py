"""The public document of publishing a video, and ways to hold answers against it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from pydantic import AnyUrl, TypeAdapter

SHAPES = {
    "VideoDetail": "VideoOut",
    "VideoSection": "SectionOut",
    "VideoTemplate": "TemplateOut",
    "SimpleUser": "OwnerOut",
}
"""Schemas of the public document, with the names that Playout's own document gives them."""
PUBLIC_NAMES = {ours: public for public, ours in SHAPES.items()}
FORMATS = FormatChecker(["uuid", "email"])
URL = TypeAdapter(AnyUrl)
Schema = dict[str, Any]


@FORMATS.checks("uri", raises=ValueError)
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(URL.validate_python(value))


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def public_document() -> Schema:
    """The document as it was published, but for one slip.

    `plan` is to be "one of" anything and null. Null is both, so that no null would ever be valid;
    the page of the same reference says "any or null".
    """
    document = json.loads((Path(__file__).parent / "seed_001.json").read_text())
    plan = document["components"]["schemas"]["VideoDetail"]["properties"]["plan"]
    plan["anyOf"] = plan.pop("oneOf")
    return document


def faults(document: Schema, value: object, shape: str = "VideoDetail") -> list[str]:
    """What is wrong with a value that is to be a `VideoDetail`, or what the document calls it."""
    return faults_of(document, {"$ref": f"#/components/schemas/{shape}"}, value)


def faults_of(document: Schema, schema: Schema, value: object) -> list[str]:
    """What is wrong with a value, by a schema that stands in the document."""
    whole = schema | {"components": document["components"]}
    validator = Draft202012Validator(whole, format_checker=FORMATS)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def kinds(document: Schema, schema: Schema) -> frozenset[Any]:
    """What a schema lets through, so that two spellings of the same are equal.

    Each alternative is a type with its format, its enum or its items; another shape is its name,
    and what has no type is "anything", null with it.
    """
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        found = document["components"]["schemas"][name]
        public = PUBLIC_NAMES.get(name, name)
        return frozenset({public}) if public in SHAPES else kinds(document, found)
    options = schema.get("anyOf")
    if options is not None:
        found = frozenset().union(*(kinds(document, option) for option in options))
        return frozenset({"anything"}) if "anything" in found else found
    types = schema.get("type", "anything")
    return frozenset(
        _kind(document, schema, each) for each in ([types] if isinstance(types, str) else types)
    )


def _kind(document: Schema, schema: Schema, kind: str) -> Any:
    if kind == "array":
        return (kind, kinds(document, schema["items"]))
    if kind == "string":
        return (kind, schema.get("format"), frozenset(schema.get("enum", ())))
    return kind
