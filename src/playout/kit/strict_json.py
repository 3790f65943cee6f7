"""JSON that has one meaning and can be stored. Any other is refused."""

import json
import math
from typing import Any, NoReturn

from playout.kit.errors import Invalid

MAX_DEPTH = 32
"""Levels of nesting."""


def parse(body: bytes) -> Any:
    """Return the value of a JSON text (RFC 8259).

    Raise `Invalid` for NaN and infinities, duplicate keys, more than 32 levels of nesting, and
    strings that PostgreSQL cannot store (with NUL or lone surrogates).
    """
    try:
        value = json.loads(body, parse_constant=_reject_constant, object_pairs_hook=_object)
    except RecursionError as error:
        raise _too_deep() from error
    except (ValueError, UnicodeDecodeError) as error:
        raise Invalid(f"The body is not JSON: {error}.") from error
    _check(value)
    return value


def _check(value: Any) -> None:
    """Check a value level by level. Recursion could run out of stack."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for item in level:
            if isinstance(item, str):
                _check_text(item)
            elif isinstance(item, dict):
                below += item.keys()
                below += item.values()
            elif isinstance(item, list):
                below += item
            elif isinstance(item, float) and not math.isfinite(item):
                raise Invalid("The body holds a number that is too large.")
        if not below:
            return
        level = below
    raise _too_deep()


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Invalid("The body holds a NUL character in a text.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Invalid("The body holds half a surrogate pair in a text.") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Invalid("The body holds an object with the same key twice.")
    return value


def _reject_constant(name: str) -> NoReturn:
    raise Invalid(f"The body holds {name}, which is not JSON.")


def _too_deep() -> Invalid:
    return Invalid(f"The body is nested more than {MAX_DEPTH} levels deep.")
