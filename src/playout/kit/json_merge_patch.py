"""Changing JSON by JSON: merge patches (RFC 7396)."""

from collections.abc import Mapping
from typing import Any


def merged(target: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """A new object: the target with the patch's members put in, and those that are null left out.

    Objects are merged in their turn; anything else, arrays too, is replaced as a whole.
    """
    result = dict(target)
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            before = result.get(name)
            result[name] = merged(before if isinstance(before, dict) else {}, value)
        else:
            result[name] = value
    return result
