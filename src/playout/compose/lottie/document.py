"""A Lottie document, checked: nothing in it reaches outside of it, and no text would be lost."""

import functools
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playout.kit.errors import Invalid

MAX_BYTES = 4 * 1024 * 1024
MAX_LAYERS = 500
MAX_SIDE = 8192
MAX_FRAMES = 60 * 3600
_MOST_LEVELS = 100
TEXT_LAYER = 5
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Lottie:
    """An animation: its size in units of its own, its frames, and its layers from top to bottom."""

    width: float
    height: float
    rate: float
    first: float
    last: float
    content: Json

    @property
    def layers(self) -> list[Json]:
        layers: list[Json] = self.content["layers"]
        return layers

    @property
    def seconds(self) -> float:
        return (self.last - self.first) / self.rate

    def frame_at(self, seconds: float, *, loop: bool) -> int:
        """Return the frame at a time. The last one stays, or the first one comes again."""
        count = max(1, math.ceil(self.last - self.first))
        frame = int(seconds * self.rate + 1e-6)
        return frame % count if loop else min(frame, count - 1)

    def texts(self) -> dict[str, str]:
        """Return the texts, by the names of their layers."""
        return {name_of(each): text_at(each, self.first)["t"] for each in self.text_layers()}

    def text_layers(self) -> list[Json]:
        return [each for each in self.layers if each.get("ty") == TEXT_LAYER]


def read_lottie(content: bytes) -> Lottie:
    """Return the animation in a JSON text. Raise `Invalid` with the reason why it is none."""
    if len(content) > MAX_BYTES:
        raise Invalid(f"A Lottie animation may have {MAX_BYTES:,} bytes at the most.")
    try:
        lottie = _read(json.loads(content))
    except (KeyError, TypeError, ValueError, IndexError, RecursionError) as error:
        raise Invalid("This is not a Lottie animation.") from error
    return lottie


kept_lottie = functools.lru_cache(maxsize=16)(read_lottie)
"""The same, of which the last ones are kept."""


def name_of(layer: Json) -> str:
    """Return the name of a layer."""
    return str(layer.get("nm") or f"Layer {layer.get('ind', 0)}")


def text_at(layer: Json, frame: float) -> Json:
    """Return the text of a layer at a frame, with its font, size and colour."""
    documents = layer["t"]["d"]["k"]
    current: Json = documents[0]["s"]
    for each in documents:
        if each.get("t", 0) <= frame:
            current = each["s"]
    return current


def _read(content: Any) -> Lottie:
    lottie = Lottie(
        width=_number(content["w"], 1, MAX_SIDE),
        height=_number(content["h"], 1, MAX_SIDE),
        rate=_number(content["fr"], 1, 240),
        first=_number(content["ip"], -MAX_FRAMES, MAX_FRAMES),
        last=_number(content["op"], -MAX_FRAMES, MAX_FRAMES),
        content=content,
    )
    if not 0 < lottie.last - lottie.first <= MAX_FRAMES:
        raise ValueError
    compositions = [each for each in content.get("assets", []) if "layers" in each]
    layers = [*lottie.layers, *(layer for each in compositions for layer in each["layers"])]
    if len(layers) > MAX_LAYERS or not all(isinstance(each, dict) for each in layers):
        raise ValueError
    _check_reach(content)
    _check_no_circle(content)
    _check_texts(lottie, [layer for each in compositions for layer in each["layers"]])
    return lottie


def _check_reach(content: Json) -> None:
    for asset in content.get("assets", []):
        picture = asset.get("p")
        if picture is not None and not str(picture).startswith("data:image/"):
            raise Invalid("A Lottie animation must contain its pictures (as data: addresses).")
    for part in _parts(content):
        if isinstance(part.get("x"), str) and "k" in part:
            raise Invalid("A Lottie animation may not have expressions: they are programs.")


def _check_no_circle(content: Json) -> None:
    """Raise `Invalid` if a composition contains itself: ThorVG would never come to an end."""
    uses = {
        str(asset["id"]): {str(each["refId"]) for each in asset["layers"] if "refId" in each}
        for asset in content.get("assets", [])
        if "layers" in asset
    }
    while uses:
        simple = {name for name, used in uses.items() if not used & uses.keys()}
        if not simple:
            raise Invalid("A composition of the Lottie animation contains itself.")
        uses = {name: used for name, used in uses.items() if name not in simple}


def _check_texts(lottie: Lottie, inner: list[Json]) -> None:
    if any(each.get("ty") == TEXT_LAYER for each in inner):
        raise Invalid("The texts of a Lottie animation must not be in precompositions.")
    layers = lottie.text_layers()
    names = [name_of(each) for each in layers]
    for layer in layers:
        if names.count(name_of(layer)) > 1:
            raise Invalid(f"Two texts of the Lottie animation are named {name_of(layer)}.")
        if "tt" in layer or "td" in layer:
            raise Invalid("A text of a Lottie animation can be no matte, and have none.")
        _number(text_at(layer, lottie.first)["s"], 0.1, MAX_SIDE)
        if not isinstance(text_at(layer, lottie.first)["t"], str):
            raise TypeError


def _parts(value: Any) -> Iterator[Json]:
    """Yield every object in a document."""
    level = [value]
    for _ in range(_MOST_LEVELS):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                yield item
                below += item.values()
            elif isinstance(item, list):
                below += item
        if not below:
            return
        level = below
    raise ValueError


def _number(value: Any, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ValueError
    return float(value)
