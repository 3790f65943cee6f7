"""Test data for a film template: a field of a form for each field of its manifest."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from playout.compose.assets import is_picture
from playout.compose.manifest.fields import BooleanField, DataField, ImageField, TextField
from playout.console.formats import human_number
from playout.console.texts import marked, translated
from playout.core.film_templates.model import FilmTemplate
from playout.core.recipients.checks import typed

PREFIX = "data_"
"""The beginning of the names of these fields in a form."""
EXAMPLES = {"number": "1234.5", "currency": "1234.5", "date": "2026-11-27", "boolean": "true"}
"""Test data by the type of a field. A text gets the name of its field."""
HINTS = {
    "number": (marked("A number"), marked("A number, may be empty")),
    "currency": (
        marked("An amount in {currency}"),
        marked("An amount in {currency}, may be empty"),
    ),
    "date": (marked("A day"), marked("A day, may be empty")),
    "text": (
        marked("A text of at most {most} characters"),
        marked("A text of at most {most} characters, may be empty"),
    ),
}
"""The hint of a field, by its type: of one that is needed, and of one that is not."""


class FieldRow(NamedTuple):
    """A field of the form."""

    name: str
    label: str
    hint: str
    value: str
    type: str
    """`text`, `lines`, `date`, `boolean`, or `image`."""
    required: bool
    choices: list[str]
    """The names of pictures, for an image."""


def rows(template: FilmTemplate, sent: Mapping[str, str]) -> Iterator[FieldRow]:
    """Yield the fields for a template, with what was sent, or else examples."""
    pictures = [each["name"] for each in template.assets if is_picture(each["name"])]
    is_sent = any(name.startswith(PREFIX) for name in sent)
    for name, field in template.parsed().fields.items():
        given = sent.get(f"{PREFIX}{name}", "") if is_sent else _example(name, field)
        yield FieldRow(
            f"{PREFIX}{name}",
            name,
            _hint(field),
            given,
            _input_type(field),
            field.required,
            pictures if isinstance(field, ImageField) else [],
        )


def data_of(template: FilmTemplate, sent: Mapping[str, str]) -> dict[str, Any]:
    """Return the data that a form has, as a viewer's would be. What is empty is left out."""
    texts = {each.label: each.value.replace("\r\n", "\n") for each in rows(template, sent)}
    return typed(template.parsed(), texts)


def query_of(template: FilmTemplate, sent: Mapping[str, str]) -> dict[str, str]:
    """Return the form as the query of an address."""
    return {each.name: each.value for each in rows(template, sent)}


def _example(name: str, field: DataField) -> str:
    if isinstance(field.default, date):
        return field.default.isoformat()
    if isinstance(field, BooleanField):
        return "false" if field.default is False else "true"
    if isinstance(field.default, float):
        return f"{field.default:g}"
    if isinstance(field, TextField):
        return (field.default or name)[: field.max_length]
    return str(field.default or EXAMPLES.get(field.type, ""))


def _hint(field: DataField) -> str:
    needed, optional = HINTS.get(field.type, ("", ""))
    most = human_number(field.max_length) if isinstance(field, TextField) else ""
    currency = getattr(field, "currency", "")
    return translated(needed if field.required else optional, most=most, currency=currency)


def _input_type(field: DataField) -> str:
    if isinstance(field, TextField) and field.multiline:
        return "lines"
    return field.type if field.type in {"date", "boolean", "image"} else "text"
