"""The forms of texts."""

import pytest

from playout.kit.text import first_spellings, normalize, tag_form

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
