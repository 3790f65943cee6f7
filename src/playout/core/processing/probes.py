"""The facts of sources, kept with their assets so that no later job has to look again."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from playout.transcode.inspect.probe import Probe

VERSION = 2
"""Raised whenever a probe finds out more: what was kept before is then found out anew."""
_PROBES = TypeAdapter(Probe)


def kept_probe(found: Probe) -> dict[str, Any]:
    """Return the facts as JSON, for the row of an asset."""
    return {"version": VERSION, "facts": _PROBES.dump_python(found, mode="json")}


def probe_of(kept: dict[str, Any] | None) -> Probe | None:
    """Return facts that were kept; None if there are none, or if they are those of old rules."""
    if kept is None or kept.get("version") != VERSION:
        return None
    try:
        return _PROBES.validate_python(kept["facts"])
    except (KeyError, ValidationError):
        return None
