"""Health: checks of the parts that an application needs, and the report that they give."""

import time
from collections.abc import Callable, Collection, Mapping
from typing import Literal

from typing_extensions import TypedDict

Facts = dict[str, str | int | float | None]
"""Facts that a check found about a part. `ok` is False if the part does not work."""
Check = Callable[[], Facts]
"""Examines one part. A check that raises is one that failed."""


class HealthReport(TypedDict):
    """The health of all parts together, and the facts of each.

    The status is `degraded` if only parts failed that requests can do without.
    """

    status: Literal["ok", "degraded", "down"]
    parts: dict[str, Facts]


def examine(
    checks: Mapping[str, Check], known: Mapping[str, Facts], required: Collection[str]
) -> HealthReport:
    """Run all checks, and return their facts with those that are `known` without a check.

    The status is `down` if a part in `required` failed.
    """
    parts = {name: _facts(check) for name, check in checks.items()}
    parts.update((name, {"ok": True, **facts}) for name, facts in known.items())
    failed = {name for name, facts in parts.items() if not facts["ok"]}
    if failed.intersection(required):
        return {"status": "down", "parts": parts}
    return {"status": "degraded" if failed else "ok", "parts": parts}


def _facts(check: Check) -> Facts:
    started = time.perf_counter()
    try:
        facts = check()
    except Exception as error:
        return {"ok": False, "error": str(error) or type(error).__name__}
    return {"ok": True, **facts, "ms": round((time.perf_counter() - started) * 1000, 1)}
