"""JSON merge patches (RFC 7396)."""

from collections.abc import Mapping
from typing import Any


def json_merge_patch(target: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return a new object: the target with the members of the patch.

    A member that is null removes that of the target. Objects are merged member by member; all other
    values, arrays too, are replaced as a whole.
    """
    result = dict(target)
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            before = result.get(name)
            result[name] = json_merge_patch(before if isinstance(before, dict) else {}, value)
        else:
            result[name] = value
    return result
