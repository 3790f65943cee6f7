"""Names as the world writes them: every letter has a glyph, and stays within its box."""

import unicodedata

import pytest

from playout.compose.drawing.fonts import fonts_of
from playout.compose.drawing.frame import frame_of
from playout.compose.drawing.text import set_text
from playout.compose.drawing.typesetting import Typesetter
from playout.compose.layers import Layer, layer_at
from playout.compose.manifest.data import check_data
from playout.compose.manifest.elements import TextElement
from playout.compose.manifest.parts import Font
from tests.compose.layers.names import NAMES
from tests.compose.manifest.manifests import manifest, text

FIELDS = {"name": {"type": "text", "maxLength": 200}}
BOX = {"x": 0.25, "y": 0.25, "width": 0.5, "height": 0.5}
SIZE = 480, 120


def layer(name: str, **changes: object) -> Layer:
    look = {"size": 0.4, "shrinkTo": 0.5, "align": "center", "verticalAlign": "middle", **BOX}
    template = manifest(text("{{name}}", **look | changes), fields=FIELDS)
    found = layer_at(template, check_data(template, {"name": name}), 2, *SIZE)
    assert found
    return found


def columns(layer: Layer) -> list[int]:
    """Return the columns of the frame in which something is drawn."""
    x, _, width, _ = layer.box
    alphas = layer.rgba[3::4]
    return [x + at for at in range(width) if max(alphas[at::width])]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
class TestNames:
    def test_fonts_have_every_letter(self, name):
        found = Typesetter(Font(), fonts_of({}), name, "en")
        assert found.missing(unicodedata.normalize("NFC", name)) == []

    def test_it_is_drawn_within_its_box(self, name):
        drawn = columns(layer(name))
        # A letter may lean out of the box by a pixel or two.
        assert 116 <= drawn[0] <= drawn[-1] <= 364

    def test_it_is_the_same_however_its_marks_are_encoded(self, name):
        digests = {layer(unicodedata.normalize(form, name)).digest for form in ("NFC", "NFD")}
        assert len(digests) == 1


class TestDirection:
    @pytest.mark.parametrize("name", ["arabic", "hebrew", "urdu"])
    def test_a_script_that_runs_to_the_left_starts_at_the_right(self, name):
        drawn = columns(layer(NAMES[name], align="start", size=0.2))
        assert drawn[-1] > 350
        assert drawn[0] > 130

    def test_its_digits_are_left_of_the_letters_before_them(self):
        letters, both = (columns(layer(each, align="right")) for each in ("שרה", "שרה 45"))
        assert both[-1] == letters[-1]
        assert both[0] < letters[0]

    def test_a_name_does_not_turn_the_words_around_it(self):
        template = manifest(text("{{name}}: hello", size=0.2, **BOX), fields=FIELDS)
        found = layer_at(template, check_data(template, {"name": "שרה"}), 2, *SIZE)
        assert found
        assert columns(found)[0] < 130

    def test_letters_of_arabic_join(self):
        typesetter = Typesetter(Font(), fonts_of({}), "ببب", "en")
        assert typesetter.width("ببب", 40) < 0.8 * 3 * typesetter.width("ب", 40)


def lines_of(content: str, **changes: object) -> list[str]:
    """Return the lines in which a text is set in half of the width of a frame."""
    element = manifest(text(content, **{"size": 0.1, **BOX, **changes})).elements[0]
    assert isinstance(element, TextElement)
    typesetter = Typesetter(element.font, fonts_of({}), content, "en")
    return set_text(element, frame_of(1920, 1080), typesetter).lines


class TestLines:
    def test_words_stay_whole(self):
        assert lines_of("Welcome to Alexandria") == ["Welcome to", "Alexandria"]

    def test_a_long_word_is_broken_between_letters(self):
        long = lines_of("e\u0323\u0302" * 40, size=0.2)
        assert len(long) > 1
        assert all(unicodedata.combining(line[0]) == 0 for line in long)

    def test_an_emoji_is_never_broken(self):
        family = "👩‍👩‍👧‍👦"
        assert all(
            line.replace(family, "") in {"", "…"} for line in lines_of(family * 12, size=0.2)
        )

    def test_chinese_breaks_between_characters_but_not_before_a_full_stop(self):
        lines = lines_of("王小明田中龍應臺張偉李娜王芳。", size=0.08)
        assert len(lines) == 2
        assert lines[1][0] not in "。"

    def test_what_has_no_room_ends_with_an_ellipsis(self):
        lines = lines_of("Welcome to Alexandria and to many other places", maxLines=2)
        assert len(lines) == 2
        assert lines[1].endswith("…")

    def test_it_shrinks_before_it_is_cut(self):
        text_of_one_line = "Welcome to Alexandria"
        assert lines_of(text_of_one_line, maxLines=1, shrinkTo=0.5) == [text_of_one_line]

    def test_a_line_that_may_not_wrap_ends_with_an_ellipsis(self):
        (line,) = lines_of("Welcome to Alexandria and to many other places", wrap=False)
        assert line.endswith("…")

    def test_lines_are_the_same_in_every_rendition(self):
        element = manifest(text("Welcome to Alexandria", size=0.1, **BOX)).elements[0]
        assert isinstance(element, TextElement)
        frames = {
            frame_of(width, height) for width, height in ((426, 240), (854, 480), (1920, 1080))
        }
        assert len(frames) == 1
