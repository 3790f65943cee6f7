"""A manifest to begin with, and ways to change it."""

from typing import Any

from playout.compose.manifest.model import TemplateManifest, read_manifest

FIELDS: dict[str, Any] = {
    "name": {"type": "text", "required": True, "maxLength": 40},
    "plan": {"type": "text", "default": "silver"},
    "saved": {"type": "currency", "currency": "EUR"},
    "share": {"type": "number", "percent": True, "decimals": 1},
    "miles": {"type": "number"},
    "since": {"type": "date"},
    "member": {"type": "boolean", "default": False},
    "portrait": {"type": "image"},
}
PLACE = {"start": 1, "end": 3, "x": 0.1, "y": 0.1, "width": 0.5, "height": 0.2}


def text(content: str, **changes: Any) -> dict[str, Any]:
    """Return a text element."""
    return {"id": "greeting", "type": "text", "text": content, "size": 0.08, **PLACE, **changes}


def manifest_json(*elements: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the JSON of a manifest with these elements, or with one text."""
    drawn = list(elements) or [text("Hello {{name}}")]
    return {"version": 1, "fields": FIELDS, "elements": drawn, **changes}


def manifest(*elements: dict[str, Any], **changes: Any) -> TemplateManifest:
    """Return a manifest with these elements, or with one text."""
    return read_manifest(manifest_json(*elements, **changes))
