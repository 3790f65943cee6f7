"""How the document tells the other names that fields of a body go by."""

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices
from pydantic.fields import FieldInfo

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
