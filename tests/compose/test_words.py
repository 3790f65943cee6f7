"""The texts of a film, for the page beside it."""

import json

import pytest

from playout.compose.manifest.data import check_data
from playout.compose.manifest.model import read_manifest
from playout.compose.words import words_of
from tests.compose.layers.animations import animation, layer_text

BOX = {"x": 0.1, "y": 0.1, "width": 0.5, "height": 0.2}
TEXT = {"type": "text", "size": 0.1, **BOX}
GOLD = '{{plan}} == "gold"'
MANIFEST = {
    "version": 1,
    "fields": {
        "name": {"type": "text", "required": True},
        "plan": {"type": "text", "default": "silver"},
        "saved": {"type": "currency", "currency": "EUR"},
    },
    "scenes": [{"id": "offer", "start": 4, "end": 6, "when": GOLD}],
    "elements": [
        {"id": "bye", "text": "Bye {{name}}", "start": 7, "end": 8, **TEXT},
        {"id": "hello", "text": "Hello {{name}}", "start": 1, "end": 2, **TEXT},
        {"id": "again", "text": "Hello {{name}}", "start": 2, "end": 3, **TEXT},
        {"id": "sum", "text": "{{saved}}", "start": 3, "end": 4, **TEXT},
        {"id": "more", "text": "An offer", "start": 4, "end": 5, **TEXT},
        {"id": "gold", "text": "Gold", "start": 3, "end": 4, "when": GOLD, **TEXT},
        {"id": "box", "type": "shape", "fill": "#ffffff", "start": 0, "end": 1, **BOX},
    ],
}


def words(**data: object) -> tuple[str, ...]:
    """The words, without the isolates around values."""
    manifest = read_manifest(MANIFEST)
    found = words_of(manifest, check_data(manifest, {"name": "Ada", **data}))
    return tuple(each.replace("\u2068", "").replace("\u2069", "") for each in found)


class TestWords:
    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            ({}, ("Hello Ada", "Bye Ada")),
            ({"saved": 12.5}, ("Hello Ada", "€12.50", "Bye Ada")),
            ({"plan": "gold"}, ("Hello Ada", "Gold", "An offer", "Bye Ada")),
        ],
    )
    def test_they_are_what_this_viewer_sees_in_the_order_of_the_film(self, data, expected):
        assert words(**data) == expected

    def test_those_of_an_animation_are_its_own_or_those_of_the_element(self):
        other, hidden = layer_text("one\rtwo", nm="other"), layer_text("No", nm="h", hd=True)
        layers = layer_text("Someone"), other, hidden
        content = json.dumps(animation(*layers)).encode()
        element = {"id": "a", "type": "lottie", "asset": "a.json", "start": 0, "end": 1, **BOX}
        manifest = read_manifest(
            {"version": 1, "elements": [{**element, "texts": {"greeting": "For you"}}]}
        )
        found = words_of(manifest, {}, assets={"a.json": content})
        assert found == ("For you", "one\ntwo")
