"""The manifest of an animation that comes without one: it covers the frame, and its texts bind."""

from typing import Any

from playout.compose.lottie.document import Lottie
from playout.compose.manifest.model import bindings_of


def manifest_of(lottie: Lottie, asset: str) -> dict[str, Any]:
    """Return a manifest that shows an animation from the beginning of the film to its own end.

    Each `{{name}}` in its texts is a field.
    """
    texts = lottie.texts()
    names = sorted({name for text in texts.values() for name in bindings_of(text)})
    element = {
        **{"id": "overlay", "type": "lottie", "asset": asset, "texts": texts},
        **{"start": 0, "end": max(round(lottie.seconds, 3), 0.001)},
        **{"x": 0, "y": 0, "width": 1, "height": 1},
    }
    fields = {name: {"type": "text"} for name in names}
    return {"version": 1, "fields": fields, "elements": [element]}
