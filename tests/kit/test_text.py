"""The forms of texts."""

import pytest

from playout.kit.text import (
    MAX_MARKS,
    first_spellings,
    has_endless_accents,
    normalize,
    tag_form,
)

SPELLINGS = (
    "Été  bleu",
    "e\u0301te\u0301 BLEU",
    " ÉTÉ bleu ",
    "Ｅ\u0301té ｂｌｅｕ",
    "été\u3000bleu",
)


class TestNormalize:
    @pytest.mark.parametrize(
        ("text", "stored"),
        [
            ("Cafe\u0301", "Café"),
            ("\u1112\u1161\u11ab", "한"),
            ("か\u3099", "が"),
            # NFC changes neither width nor ligatures: that is how somebody wrote it.
            ("Ｐ ﬁ ① ", "Ｐ ﬁ ① "),
        ],
    )
    def test_characters_are_composed_and_nothing_else(self, text, stored):
        assert normalize(text) == stored


class TestTagForm:
    @pytest.mark.parametrize("spelling", SPELLINGS)
    def test_spellings_of_one_tag_share_it(self, spelling):
        assert tag_form(spelling) == "été bleu"

    def test_accents_and_letters_make_another_tag(self):
        assert len({tag_form(name) for name in ("ete", "été", "étés", "दिन", "दीन")}) == 5

    def test_folding_is_complete(self):
        assert tag_form("STRASSE") == tag_form("straße")
        assert tag_form(tag_form("İϓ´ẞ\u0345")) == tag_form("İϓ´ẞ\u0345")


class TestFirstSpellings:
    def test_each_tag_is_there_once_as_it_was_written_first(self):
        assert first_spellings(["Blau", *SPELLINGS, "BLAU", "rot"]) == ["Blau", "Été  bleu", "rot"]


class TestHasEndlessAccents:
    @pytest.mark.parametrize("mark", ["\u0301", "\u0316", "\u0f73", "\u3099"])
    def test_a_letter_may_have_as_many_as_people_write(self, mark):
        assert not has_endless_accents(f"a{mark * MAX_MARKS}b{mark * MAX_MARKS}")
        assert has_endless_accents(f"ab{mark * (MAX_MARKS + 1)}c")
        assert has_endless_accents(mark * 500_000)

    @pytest.mark.parametrize("text", ["", "a" * 1000, "नमस्ते " * 50, "ภาษาไทยที่สวยงาม", "한" * 100])
    def test_no_script_needs_so_many(self, text):
        assert not has_endless_accents(text)
