"""A layer at a moment: what it shows, where, and which layers are the same."""

import pytest

from playout.compose.layers import Layer, digest_at, layer_at
from playout.compose.manifest.data import check_data
from playout.compose.manifest.model import TemplateManifest
from tests.compose.manifest.manifests import manifest, text

FADING = manifest(
    text(
        "Hello {{name}}",
        start=1,
        end=3,
        enter={"kind": "slideLeft", "seconds": 0.5},
        leave={"kind": "fade", "seconds": 0.5},
    )
)
SIZE = 640, 360


def layer(template: TemplateManifest, t: float, name: str = "Ada") -> Layer | None:
    return layer_at(template, check_data(template, {"name": name}), t, *SIZE)


def strength(layer: Layer | None) -> int:
    """Return the alpha of the most opaque pixel."""
    return max(layer.rgba[3::4]) if layer else 0


class TestTime:
    @pytest.mark.parametrize("t", [0, 0.99, 3, 4])
    def test_there_is_none_before_and_after_the_element(self, t):
        assert layer(FADING, t) is None

    def test_a_time_that_is_rounded_down_is_that_of_its_frame(self):
        plain = manifest(text("Hello {{name}}", start=1, end=3))
        assert layer(plain, 1 - 1e-9) is not None
        assert layer(plain, 3 - 1e-9) is None

    def test_between_its_transitions_the_same_layer_stays(self):
        assert layer(FADING, 1.5) is layer(FADING, 2.4)

    def test_it_appears_and_disappears(self):
        steps = [strength(layer(FADING, t)) for t in (1.1, 1.3, 2, 2.7, 2.9)]
        assert steps[0] < steps[1] < steps[2] > steps[3] > steps[4] > 0

    def test_it_slides_in(self):
        boxes = [found.box for t in (1.1, 1.3, 2) if (found := layer(FADING, t))]
        assert boxes[0][0] > boxes[1][0] > boxes[2][0]


class TestDigest:
    def test_it_takes_no_drawing(self):
        found = layer(FADING, 2)
        values = check_data(FADING, {"name": "Ada"})
        assert found
        assert digest_at(FADING, values, 2, *SIZE) == found.digest

    def test_the_same_name_of_another_viewer_is_the_same_layer(self):
        assert layer(FADING, 2, "Zoë") is layer(FADING, 2, "Zoe\u0308")

    def test_another_name_has_another_digest(self):
        values = [check_data(FADING, {"name": name}) for name in ("Ada", "Bea")]
        assert len({digest_at(FADING, each, 2, *SIZE) for each in values}) == 2


class TestBox:
    def test_it_has_even_numbers_and_lies_within_the_frame(self):
        wide = manifest(text("Hello {{name}}", x=0.9, y=0.93, width=1, height=0.3))
        found = layer_at(wide, check_data(wide, {"name": "Ada"}), 2, 1279, 719)
        assert found
        x, y, width, height = found.box
        assert all(each % 2 == 0 for each in found.box)
        assert x + width <= 1278
        assert y + height <= 718
        assert len(found.rgba) == width * height * 4

    def test_colours_are_multiplied_with_alpha(self):
        found = layer(FADING, 1.1)
        assert found
        pixels = [found.rgba[at : at + 4] for at in range(0, len(found.rgba), 4)]
        assert any(pixels)
        assert all(max(pixel[:3]) <= pixel[3] for pixel in pixels)
