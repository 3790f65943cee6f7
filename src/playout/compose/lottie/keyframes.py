"""The values of animated properties at a frame, and the place of a layer that follows from them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
_STEPS = 20
_MOST_PARENTS = 50


@dataclass(frozen=True)
class Placement:
    """A transform: move the anchor to the origin, scale, rotate (in degrees), and move."""

    anchor: tuple[float, float]
    scale: tuple[float, float]
    rotation: float
    position: tuple[float, float]


def placements(layer: Json, layers: Sequence[Json], frame: float) -> list[Placement]:
    """Return the transforms of a layer: that of its outermost parent first, and its own last."""
    by_index = {each.get("ind"): each for each in layers}
    found: list[Placement] = []
    current: Json | None = layer
    while current is not None and len(found) < _MOST_PARENTS:
        found.insert(0, _placement(current, frame))
        parent = current.get("parent")
        current = None if parent is None else by_index.get(parent)
    return found


def opacity(layer: Json, frame: float) -> float:
    """Return the opacity of a layer, 0 to 1."""
    (value,) = _value(layer.get("ks", {}).get("o"), _time(layer, frame), [100.0])[:1]
    return min(max(value / 100, 0.0), 1.0)


def _placement(layer: Json, frame: float) -> Placement:
    transform, time = layer.get("ks", {}), _time(layer, frame)
    scale = _value(transform.get("s"), time, [100.0, 100.0])
    rotation = _value(transform.get("r"), time, [0.0])
    return Placement(
        anchor=_pair(_value(transform.get("a"), time, [0.0, 0.0])),
        scale=_pair([each / 100 for each in scale]),
        rotation=rotation[0],
        position=_pair(_position(transform.get("p"), time)),
    )


def _time(layer: Json, frame: float) -> float:
    return frame - float(layer.get("st", 0))


def _position(given: Json | None, time: float) -> list[float]:
    if given and given.get("s") is True:
        return [_value(given.get(axis), time, [0.0])[0] for axis in ("x", "y")]
    return _value(given, time, [0.0, 0.0])


def _pair(values: Sequence[float]) -> tuple[float, float]:
    return values[0], values[1] if len(values) > 1 else values[0]


def _value(given: Json | None, time: float, default: list[float]) -> list[float]:
    if given is None:
        return default
    content = given["k"]
    if isinstance(content, list) and content and isinstance(content[0], dict):
        return _between(content, time)
    return _numbers(content)


def _between(keyframes: Sequence[Json], time: float) -> list[float]:
    """Return the value of keyframes at a time: that of the last one before it, and on its way."""
    at = max((i for i, each in enumerate(keyframes) if each.get("t", 0) <= time), default=0)
    current = keyframes[at]
    following = keyframes[at + 1] if at + 1 < len(keyframes) else None
    begin = _numbers(current.get("s") or (keyframes[at - 1].get("e") if at else [0.0]))
    if following is None or time < current.get("t", 0) or current.get("h"):
        return begin
    end = _numbers(following.get("s") or current.get("e") or begin)
    length = following["t"] - current.get("t", 0)
    share = (time - current.get("t", 0)) / length if length > 0 else 1.0
    eased = _eased(current, share)
    if current.get("to") and current.get("ti"):
        return _on_curve(begin, end, _numbers(current["to"]), _numbers(current["ti"]), eased)
    return [a + (b - a) * eased for a, b in zip(begin, end, strict=False)]


def _on_curve(
    begin: list[float], end: list[float], leaving: list[float], arriving: list[float], share: float
) -> list[float]:
    points = zip(begin, end, leaving, arriving, strict=False)
    return [_bezier(a, a + out, b + back, b)(share) for a, b, out, back in points]


def _eased(keyframe: Json, share: float) -> float:
    """Return how far a value has come after a share of the time, by the handles of its curve."""
    leaving, arriving = keyframe.get("o"), keyframe.get("i")
    if not leaving or not arriving:
        return share
    x1, y1 = _first(leaving["x"]), _first(leaving["y"])
    x2, y2 = _first(arriving["x"]), _first(arriving["y"])
    across, up = _bezier(0.0, x1, x2, 1.0), _bezier(0.0, y1, y2, 1.0)
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if across(middle) < share else (low, middle)
    return up((low + high) / 2)


def _bezier(a: float, b: float, c: float, d: float) -> Callable[[float], float]:
    def at(u: float) -> float:
        v = 1 - u
        return v**3 * a + 3 * v * v * u * b + 3 * v * u * u * c + u**3 * d

    return at


def _numbers(value: Any) -> list[float]:
    return [float(each) for each in value] if isinstance(value, list) else [float(value)]


def _first(value: Any) -> float:
    return _numbers(value)[0]
