"""Types of values that the Productions API accepts or returns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetJsonSchemaHandler,
    TypeAdapter,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError

from playout.kit.clock import rfc3339
from playout.kit.ids import parse_id

Settings = dict[str, Any]
"""Settings of the caller. Core reads some of their members and keeps all the others."""


def _read_id(value: object) -> object:
    """Return the number of an id, which is sent as a text of digits or as the number itself."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise PydanticCustomError("id", "It must be an id, which is a text of digits.")
    return parse_id(value)


def _reject_zero(number: int) -> int:
    if number == 0:
        raise PydanticCustomError("id", 'It must be the id of a property, like "123".')
    return number


ID_SCHEMA = {
    "anyOf": [
        {"type": "string", "pattern": "^[1-9][0-9]{0,17}$"},
        {"type": "integer", "minimum": 1, "maximum": 10**18 - 1},
    ]
}
Id = Annotated[int, BeforeValidator(_read_id), WithJsonSchema(ID_SCHEMA)]
"""An id in a body. A text that is no id becomes 0, which no resource has."""
PropertyId = Annotated[Id, AfterValidator(_reject_zero), WithJsonSchema(ID_SCHEMA)]
IdPath = Annotated[int, BeforeValidator(parse_id), WithJsonSchema({"type": "string"})]
"""An id in an address. A text that is no id becomes 0, so it gets the same 404 as an unknown id."""


@dataclass(frozen=True, slots=True)
class SchemaOf:
    """Annotation of a field that has the JSON Schema of another type in the document.

    Settings are documented with the members that core understands, but accepted as any object:
    core checks those members, and keeps the others.
    """

    documented_type: Any

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(TypeAdapter(self.documented_type).core_schema)


def time_out(moment: datetime) -> str:
    """Return RFC 3339 in UTC, to the microsecond."""
    return rfc3339(moment, "microseconds")
