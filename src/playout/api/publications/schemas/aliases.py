"""JSON Schemas of bodies whose fields have several names, and that may be nested under `input`."""

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema

Schema = dict[str, Any]


def add_aliases(schema: Schema, fields: Mapping[str, FieldInfo]) -> None:
    """Add the other names of each field to the schema of a body.

    When a field is required, the schema requires one of its names.
    """
    for name, field in fields.items():
        if not isinstance(field.validation_alias, AliasChoices):
            continue
        names = [str(choice) for choice in field.validation_alias.choices]
        aliases, property_schema = names[1:], schema["properties"][name]
        alias_schema = {
            **property_schema,
            "description": f"Another name of `{name}`.",
            "deprecated": True,
        }
        schema["properties"] |= dict.fromkeys(aliases, alias_schema)
        property_schema["description"] = f"Also: {', '.join(f'`{alias}`' for alias in aliases)}."
        if name in schema.get("required", ()):
            schema["required"].remove(name)
            # Not an `anyOf` of the whole body: generators of clients read that as a union of types.
            sent_as_alias = {"anyOf": [{"required": [alias]} for alias in aliases]}
            schema |= {"if": sent_as_alias, "else": {"required": [name]}}


class OrNested:
    """Annotation of a body with required fields: flat, or nested under `input`."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        flat = handler(core)
        nested = {"type": "object", "properties": {"input": flat}, "required": ["input"]}
        return {"anyOf": [flat, nested]}


class AlsoNested:
    """Annotation of a body without required fields: flat, or nested under `input`.

    Unlike `OrNested` it is one type and no union, so generated clients can leave the body out.
    """

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        flat = handler(core)
        # An `input` that is no object is an unknown field, which is ignored.
        nested = {"if": {"type": "object"}, "then": flat, "description": "The fields, nested."}
        return {**flat, "properties": {"input": nested}}
