"""Small Lottie animations."""

from typing import Any


def layer_text(content: str, **changes: Any) -> dict[str, Any]:
    """Return a text layer in the middle of the animation."""
    document = {"t": content, "s": 90, "f": "F", "fc": [1, 1, 1], "j": 2, "lh": 108}
    return {
        **{"ty": 5, "nm": "greeting", "ip": 0, "op": 60, "st": 0},
        "ks": {"p": {"a": 0, "k": [960, 540]}},
        "t": {"d": {"k": [{"t": 0, "s": document}]}},
        **changes,
    }


def layer_box(**changes: Any) -> dict[str, Any]:
    """Return a red rectangle of 400 × 200 at the top left, which moves to the right."""
    still = {"a": {"a": 0, "k": [0, 0]}, "s": {"a": 0, "k": [100, 100]}}
    rest = {**still, "r": {"a": 0, "k": 0}, "o": {"a": 0, "k": 100}}
    moves = {"a": 1, "k": [{"t": 0, "s": [200, 100]}, {"t": 30, "s": [1720, 100]}]}
    shapes = [
        {"ty": "rc", "p": {"a": 0, "k": [0, 0]}, "s": {"a": 0, "k": [400, 200]}, "r": {"k": 0}},
        {"ty": "fl", "c": {"a": 0, "k": [1, 0, 0, 1]}, "o": {"a": 0, "k": 100}},
        {"ty": "tr", "p": {"a": 0, "k": [0, 0]}, **rest},
    ]
    return {
        **{"ty": 4, "nm": "box", "ip": 0, "op": 60, "st": 0, "ks": {**rest, "p": moves}},
        "shapes": [{"ty": "gr", "it": shapes}],
        **changes,
    }


def animation(*layers: dict[str, Any]) -> dict[str, Any]:
    """Return an animation of two seconds with these layers from top to bottom."""
    return {
        **{"v": "5.7.0", "fr": 30, "ip": 0, "op": 60, "w": 1920, "h": 1080},
        **{"fonts": {"list": [{"fName": "F", "fFamily": "Noto Sans", "fStyle": "Bold"}]}},
        "layers": list(layers) or [layer_box()],
    }
