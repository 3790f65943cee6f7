"""Lottie animations: shapes by ThorVG, texts by our own engine, each frame in its place."""

import json
from typing import Any

import pytest

from playout.compose.layers import Layer, layer_at
from playout.compose.lottie.keyframes import opacity, placements
from playout.compose.manifest.data import check_data
from playout.compose.manifest.model import TemplateManifest
from tests.compose.layers.animations import animation, layer_box, layer_text
from tests.compose.manifest.manifests import manifest

SIZE = 480, 270
FIELDS = {"name": {"type": "text"}}


def overlay(**changes: Any) -> TemplateManifest:
    element = {
        **{"id": "overlay", "type": "lottie", "asset": "o.json", "start": 1, "end": 9},
        **{"x": 0, "y": 0, "width": 1, "height": 1, **changes},
    }
    return manifest(element, fields=FIELDS)


def layer(template: TemplateManifest, content: Any, t: float, name: str = "Ada") -> Layer:
    assets = {"o.json": json.dumps(content).encode()}
    found = layer_at(template, check_data(template, {"name": name}), t, *SIZE, assets=assets)
    assert found
    return found


def pixel(layer: Layer, x: int, y: int) -> tuple[int, ...]:
    left, top, width, _ = layer.box
    at = ((y - top) * width + x - left) * 4
    return tuple(layer.rgba[at : at + 4])


def columns(layer: Layer) -> list[int]:
    x, _, width, _ = layer.box
    alphas = layer.rgba[3::4]
    return [x + at for at in range(width) if max(alphas[at::width])]


class TestShapes:
    def test_they_move_and_their_last_frame_stays(self):
        template, content = overlay(), animation(layer_box())
        assert pixel(layer(template, content, 1), 50, 25) == (255, 0, 0, 255)
        assert pixel(layer(template, content, 2), 50, 25) == (0, 0, 0, 0)
        assert pixel(layer(template, content, 2), 430, 25) == (255, 0, 0, 255)
        assert layer(template, content, 4) is layer(template, content, 8)

    def test_with_loop_they_begin_again(self):
        template, content = overlay(loop=True), animation(layer_box())
        assert layer(template, content, 1.5).rgba == layer(template, content, 3.5).rgba
        assert pixel(layer(template, content, 3), 50, 25) == (255, 0, 0, 255)


class TestTexts:
    def test_a_text_of_the_manifest_takes_the_place_of_its_own(self):
        template = overlay(texts={"greeting": "{{name}}"})
        content = animation(layer_text("Hello"))
        ada, bea = (layer(template, content, 2, name) for name in ("Ada", "Bea"))
        assert ada.rgba != bea.rgba
        assert ada.digest != bea.digest
        assert layer(overlay(), content, 2).rgba != ada.rgba

    @pytest.mark.parametrize("name", ["محمد ٣٤", "王小明", "आदित्य"])
    def test_every_script_is_drawn_in_the_middle(self, name):
        template = overlay(texts={"greeting": "{{name}}"})
        drawn = columns(layer(template, animation(layer_text("Hello")), 2, name))
        assert drawn
        assert abs((drawn[0] + drawn[-1]) / 2 - 240) < 6

    def test_a_text_lies_between_the_layers_that_it_was_between(self):
        still = {"ks": {"p": {"a": 0, "k": [960, 520]}}}
        over = animation(layer_text("WWWW"), layer_box(**still))
        under = animation(layer_box(**still), layer_text("WWWW"))
        whites = [sum(layer(overlay(), content, 2).rgba[1::4]) for content in (over, under)]
        assert whites[0] > 2 * whites[1]

    def test_a_long_text_becomes_smaller(self):
        template = overlay(texts={"greeting": "{{name}}"})
        drawn = columns(layer(template, animation(layer_text("Hello")), 2, "Hohenlohe" * 8))
        assert 0 < drawn[0] < drawn[-1] < 480


class TestKeyframes:
    def test_values_ease_hold_and_stay(self):
        eased = {"i": {"x": [0], "y": [1]}, "o": {"x": [1], "y": [0]}}
        content = {
            "ks": {
                "o": {"k": [{"t": 0, "s": [0], **eased}, {"t": 10, "s": [100]}]},
                "p": {"k": [{"t": 0, "s": [0, 0], "h": 1}, {"t": 10, "s": [50, 5]}]},
                "r": {"k": [{"t": 0, "s": [0]}, {"t": 10, "s": [90]}]},
            }
        }
        assert opacity(content, -5) == 0
        assert opacity(content, 2) < 0.05
        assert opacity(content, 5) == pytest.approx(0.5, abs=0.01)
        assert opacity(content, 20) == 1
        (half,) = placements(content, [content], 5)
        assert half.rotation == pytest.approx(45)
        assert half.position == (0, 0)
        assert placements(content, [content], 10)[0].position == (50, 5)

    def test_a_layer_follows_its_parents_and_no_circle(self):
        parent = {"ind": 1, "parent": 2, "ks": {"p": {"k": [10, 20]}}}
        child = {"ind": 2, "parent": 1, "ks": {"p": {"x": {"k": 1}, "y": {"k": 2}, "s": True}}}
        found = placements(child, [parent, child], 0)
        assert found[-1].position == (1, 2)
        assert found[-2].position == (10, 20)
        assert len(found) <= 50
