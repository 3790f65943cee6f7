"""Kinds of text that the APIs answer with, as their documents name them."""

from typing import Annotated

from pydantic import WithJsonSchema

Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Uid = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
Uri = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]
