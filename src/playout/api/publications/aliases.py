"""How the document tells the other names that fields of a body go by, and its other shape."""

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema

Schema = dict[str, Any]


def tell_aliases(schema: Schema, fields: Mapping[str, FieldInfo]) -> None:
    """Write into the schema of a body that a field may come under any of its names.

    Where the field is needed, one of the names is.
    """
    for name, field in fields.items():
        if not isinstance(field.validation_alias, AliasChoices):
            continue
        names = [str(choice) for choice in field.validation_alias.choices]
        others, told = names[1:], schema["properties"][name]
        also = {**told, "description": f"Another name of `{name}`.", "deprecated": True}
        schema["properties"] |= dict.fromkeys(others, also)
        told["description"] = f"Also: {', '.join(f'`{other}`' for other in others)}."
        if name in schema.get("required", ()):
            schema["required"].remove(name)
            schema["anyOf"] = [{"required": [each]} for each in names]


class OrNested:
    """Tells the document that a body may stand under `input` as well."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        flat = handler(core)
        nested = {"type": "object", "properties": {"input": flat}, "required": ["input"]}
        return {"anyOf": [flat, nested]}
