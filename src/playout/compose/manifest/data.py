"""The data of one viewer: checked against the fields of a manifest.

No error repeats a value: it is personal, and errors are logged.
"""

import datetime
import math
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from playout.compose.manifest.fields import (
    MAX_NUMBER,
    BooleanField,
    CurrencyField,
    DataField,
    DateField,
    ImageField,
    NumberField,
    TextField,
    Value,
)
from playout.compose.manifest.model import TemplateManifest
from playout.kit.errors import Invalid

_DIRECTION_CONTROLS = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Characters that turn the direction of what follows them: nothing may leak out of a value."""
_MOST_MARKS = 30
"""Marks on one letter; see UAX #15, stream-safe text."""


def check_data(
    manifest: TemplateManifest, data: Mapping[str, Any], assets: frozenset[str] = frozenset()
) -> dict[str, Value | None]:
    """Return the value of each field of the manifest: that of `data`, or its default, or None.

    `assets` are the names that a field of type `image` may have. Raise `Invalid`, whose details
    have a sentence for each field that is wrong.
    """
    wrong: dict[str, str] = {}
    values: dict[str, Value | None] = {}
    for name in data:
        if name not in manifest.fields:
            wrong[_shown(name)] = "The template has no such field."
    for name, field in manifest.fields.items():
        try:
            values[name] = _value(field, data.get(name), assets)
        except ValueError as error:
            wrong[name] = str(error)
    if wrong:
        first = next(iter(wrong))
        raise Invalid(f"The data is wrong. {first}: {wrong[first]}", wrong)
    return values


def _shown(name: str) -> str:
    """Return a name for an error. A very long one, or none at all, is no field that was meant."""
    return name if name.isidentifier() and len(name) <= 64 else "(unreadable name)"


def _value(field: DataField, given: Any, assets: frozenset[str]) -> Value | None:
    if given is None:
        if field.required:
            raise ValueError("The field is required.")
        return field.default
    return _CHECKS[type(field)](field, given, assets)


def _text(field: TextField, given: Any, _: frozenset[str]) -> str:
    if not isinstance(given, str):
        raise ValueError("The field needs a text.")
    # Before all else: to normalize ten million characters takes time.
    if len(given) > 2 * field.max_length:
        raise ValueError(f"The text is longer than {field.max_length} characters.")
    _check_characters(given, multiline=field.multiline)
    text = unicodedata.normalize("NFC", given)
    if len(text) > field.max_length:
        raise ValueError(f"The text is longer than {field.max_length} characters.")
    return text


def _check_characters(text: str, *, multiline: bool) -> None:
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if character == "\n" and multiline:
            continue
        if character in "\n\u2028\u2029":
            raise ValueError("The text may not have line ends.")
        if category in {"Cc", "Cs", "Co", "Cn"}:
            raise ValueError("The text has a control character, or one that Unicode lacks.")
        if ord(character) in _DIRECTION_CONTROLS:
            raise ValueError("The text has a character that turns the direction of writing.")
        marks = marks + 1 if category[0] == "M" else 0
        if marks > _MOST_MARKS:
            raise ValueError("The text has more marks on a letter than any script needs.")


def _number(_field: DataField, given: Any, _: frozenset[str]) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError("The field needs a number, not a text.")
    if not math.isfinite(given) or abs(given) > MAX_NUMBER:
        raise ValueError("The number is too large.")
    return given


def _date(_field: DataField, given: Any, _: frozenset[str]) -> datetime.date:
    try:
        return datetime.date.fromisoformat(given if len(given) == 10 else "")
    except (TypeError, ValueError):
        raise ValueError("The field needs a date such as 2026-11-27.") from None


def _boolean(_field: DataField, given: Any, _: frozenset[str]) -> bool:
    if not isinstance(given, bool):
        raise ValueError("The field needs true or false.")
    return given


def _image(_field: DataField, given: Any, assets: frozenset[str]) -> str:
    if not isinstance(given, str) or given not in assets:
        raise ValueError("The template has no asset of that name.")
    return given


_CHECKS: Mapping[type, Callable[[Any, Any, frozenset[str]], Value]] = {
    TextField: _text,
    NumberField: _number,
    CurrencyField: _number,
    DateField: _date,
    BooleanField: _boolean,
    ImageField: _image,
}
