"""Fonts: a template's own first, the bundled ones for what they lack, each at its weight."""

from functools import cache
from pathlib import Path

import manimgx_fonts
import pytest

from playout.compose.drawing.fonts import fonts_of
from playout.compose.drawing.lint import lint
from playout.compose.drawing.typesetting import Typesetter
from playout.compose.manifest.parts import Font
from tests.compose.manifest.manifests import manifest, text

OWN = "Acme Sans Thai"


@cache
def own_font() -> bytes:
    """A font of a family that nobody else has: one of Noto under another name."""
    content = (Path(manimgx_fonts.__file__).parent / "NotoSansThai[wght].ttf").read_bytes()
    return content.replace("Noto Sans Thai".encode("utf-16-be"), OWN.encode("utf-16-be"))


def typesetter(content: str, font: Font, **assets: bytes) -> Typesetter:
    named = {f"{name}.ttf": each for name, each in assets.items()}
    return Typesetter(font, fonts_of(named), content, "en")


class TestOwnFonts:
    def test_it_is_taken_for_the_letters_that_it_has(self):
        runs = typesetter("กา 王", Font(family=OWN), own=own_font()).runs("กา 王")
        assert [face.family for face, _ in runs] == [OWN, "Noto Sans CJK SC"]

    def test_without_it_the_bundled_ones_are(self):
        (run,) = typesetter("กา", Font(family=OWN)).runs("กา")
        assert run[0].family == "Noto Sans Thai"

    def test_the_lint_knows_it(self):
        template = manifest(text("กา", font={"family": OWN}))
        assert lint(template, {"own.ttf": own_font()}, 1920, 1080) == []
        (found,) = lint(template, {}, 1920, 1080)
        assert OWN in found.message


class TestFaces:
    @pytest.mark.parametrize("letter", ["A", "ب", "ก", "आ"])
    def test_heavier_letters_are_wider(self, letter):
        light, bold = (
            typesetter(letter, Font(weight=weight)).width(letter * 20, 40) for weight in (400, 700)
        )
        assert bold > light

    @pytest.mark.parametrize(
        ("content", "language", "family"),
        [
            ("骨", "en", "Noto Sans CJK SC"),
            ("骨", "ja", "Noto Sans CJK JP"),
            ("骨", "zh-TW", "Noto Sans CJK TC"),
            ("骨さん", "en", "Noto Sans CJK JP"),
            ("骨 님", "ja", "Noto Sans CJK KR"),
        ],
    )
    def test_han_characters_look_as_their_language_writes_them(self, content, language, family):
        found = Typesetter(Font(), fonts_of({}), content, language).runs(content)
        assert found[0][0].family == family

    def test_a_letter_that_no_font_has_is_drawn_as_a_box_and_named(self):
        strange = "\U00016b00"
        assert typesetter(strange, Font()).missing(f"a{strange} b") == [strange]
        assert typesetter(strange, Font()).width(strange, 40) > 0
