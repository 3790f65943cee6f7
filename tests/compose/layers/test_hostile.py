"""Data that wants to be more than text is drawn as text."""

import time

import pytest

from playout.compose.drawing.fonts import fonts_of
from playout.compose.drawing.typesetting import Typesetter
from playout.compose.layers import Layer, layer_at
from playout.compose.manifest.data import check_data
from playout.compose.manifest.parts import Font
from playout.kit.errors import Invalid
from tests.compose.manifest.manifests import FIELDS, manifest, text

SIZE = 640, 360
HOSTILE = {
    "filter": "drawtext=textfile=/etc/passwd:x=0,movie=/etc/hosts[o]",
    "expansion": "%{pts} %{metadata:a} %n",
    "binding": "{{plan}} {{saved}} {% include x %}",
    "path": "../../../etc/passwd",
    "url": "file:///etc/passwd concat:a|b",
    "command": "$(reboot); `id` && rm -rf / | cat",
    "sql": "'; DROP TABLE videos; --",
    "markup": "<script>alert(1)</script>&lt;<tspan>",
    "quotes": "'\\\"\\n:\\,[v]",
    "marks": "Z" + "\u0323\u0302\u0301" * 10,
    "joiners": "a\u200d\u200d\u200db\u200c\u200b\ufeff",
    "selectors": "x\ufe0f\ufe0e\U000e0101y",
    "tags": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
}
TEMPLATE = manifest(text("{{name}}", size=0.06), fields={**FIELDS, "name": {"type": "text"}})


def layer(name: str) -> Layer | None:
    return layer_at(TEMPLATE, check_data(TEMPLATE, {"name": name}), 2, *SIZE)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
class TestStrings:
    def test_it_is_drawn(self, value):
        found = layer(value)
        assert found
        assert max(found.rgba[3::4]) == 255

    def test_every_character_is_in_the_text(self, value):
        typesetter = Typesetter(Font(), fonts_of({}), value, "en")
        assert "".join(run for _, run in typesetter.runs(value)) == value


class TestRefused:
    @pytest.mark.parametrize("value", ["a\x00b", "a\x1b[31m", "\u202eabc", "\u2067abc", "a\u2029b"])
    def test_control_and_direction_characters_are_refused(self, value):
        with pytest.raises(Invalid, match="name"):
            check_data(TEMPLATE, {"name": value})

    def test_ten_megabytes_are_refused_at_once(self):
        begin = time.process_time()
        with pytest.raises(Invalid):
            check_data(TEMPLATE, {"name": "a\u0301" * 5_000_000})
        assert time.process_time() - begin < 1


class TestAssets:
    @pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n junk", b"<svg/>", bytes(1000)])
    def test_a_picture_that_is_none_is_not_drawn(self, content):
        template = manifest(
            {
                **{"id": "face", "type": "image", "asset": "face.png", "start": 1, "end": 3},
                **{"x": 0, "y": 0, "width": 0.5, "height": 0.5},
            }
        )
        values = check_data(template, {"name": "Ada"})
        found = layer_at(template, values, 2, *SIZE, assets={"face.png": content})
        assert found
        assert not any(found.rgba)

    @pytest.mark.parametrize("content", [b"", b"OTTO junk", b"\x00\x01\x00\x00" + bytes(500)])
    def test_a_font_that_is_none_changes_nothing(self, content):
        values = check_data(TEMPLATE, {"name": "Ada"})
        plain = layer_at(TEMPLATE, values, 2, *SIZE)
        other = layer_at(TEMPLATE, values, 2, *SIZE, assets={"own.ttf": content})
        assert plain
        assert other
        assert other.rgba == plain.rgba
