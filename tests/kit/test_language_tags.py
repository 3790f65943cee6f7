"""Which texts are language tags."""

import pytest

from playout.kit.language_tags import canonical_tag, is_language_tag, tag_from_iso639


class TestIsLanguageTag:
    @pytest.mark.parametrize(
        "text",
        [
            "es",
            "es-CL",
            "es-419",
            "EN-gb",
            "zh-Hant-TW",
            "zh-yue-HK",
            "sl-rozaj-biske-1994",
            "de-CH-1901",
            "de-DE-u-co-phonebk",
            "en-a-bbb-x-a-ccc",
            "tlh",
        ],
    )
    def test_well_formed_tags(self, text):
        assert is_language_tag(text)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "e",
            "es_CL",
            "es-",
            "-es",
            "es--CL",
            "es-CL\n",
            "español",
            "ｅｓ",
            "es-CLX1Y2Z3Q",
            "419",
            "en-a",
            "en-u-co-phonebk-u-nu-latn",
            "de-1901-1901",
            "es-CL; DROP",
        ],
    )
    def test_other_texts(self, text):
        assert not is_language_tag(text)


class TestCanonicalTag:
    @pytest.mark.parametrize(
        "tag",
        ["en", "en-GB", "zh-Hant-TW", "es-419", "de-CH-1901", "sl-rozaj", "en-a-ab-x-us-latn"],
    )
    def test_it_does_not_depend_on_upper_and_lower_case(self, tag: str) -> None:
        assert canonical_tag(tag.lower()) == canonical_tag(tag.upper()) == tag


class TestTagFromIso639:
    @pytest.mark.parametrize(
        ("code", "tag"),
        [("deu", "de"), ("ger", "de"), ("zho", "zh"), ("fil", "fil"), ("qaa", "qaa")],
    )
    def test_it_is_the_shortest_tag(self, code: str, tag: str) -> None:
        assert tag_from_iso639(code) == tag
