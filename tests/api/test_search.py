"""The search of videos: which spellings of a word are one word, in many scripts."""

from unicodedata import normalize

import pytest

FOUND = {
    "accents": ("Café du jour", ("cafe", "CAFÉ", "cafe\u0301", "Cafè")),
    "no accents in the title": ("Resume of Zoe", ("résumé", "zoë")),
    "letters with strokes": ("Łódź, Ærø and Đà Nẵng", ("lodz", "aero", "da nang", "ŁÓDŹ")),
    "sharp s": ("Die Straße", ("strasse", "STRASSE", "straße", "STRAẞE")),
    "dotted and dotless i": ("İstanbul ve Isparta, ılık", ("istanbul", "ısparta", "ilik")),
    "Greek": ("Ο Σίσυφος", ("σισυφος", "ΣΙΣΥΦΟΣ", "Σίσυφοσ")),
    "Cyrillic": ("Ёлка и моё́ имя", ("елка", "ёлка", "моё", "МОЕ")),
    "width": ("Ｐｌａｙｏｕｔ ｶﾞｲﾄﾞ", ("playout", "ガイド", "ｶﾞｲﾄﾞ")),
    "ligature": ("The ﬁrst oﬃce", ("first", "office")),
    "Arabic": ("أحمد مُحَمَّد، ســلام", ("احمد", "أحمد", "محمد", "مُحمد", "سلام")),
    "Persian, with a joiner": ("می\u200cخواهم", ("می\u200cخواهم", "میخواهم")),
    "Hebrew": ("שָׁלוֹם", ("שלום", "שָׁלוֹם")),
    "Devanagari": ("हिन्दी की कविता", ("हिन्दी", "कविता", normalize("NFD", "हिन्दी"))),
    "Tamil": ("தமிழ் பாடல்", ("தமிழ்", "பாடல்")),
    "Thai": ("ภาษาไทยง่ายนิดเดียว", ("ภาษา", "ไทย", "ง่าย")),
    "Khmer": ("ភាសាខ្មែរ", ("ភាសា", "ខ្មែរ")),
    "Burmese": ("မြန်မာဘာသာ", ("မြန်မာ", "ဘာသာ")),
    "Chinese": ("产品发布会的视频", ("发布", "视频", "产品 视频")),
    "Japanese": ("iPhone動画の公開", ("動画", "公開", "iphone", '"動画の"', "iPhone動画")),
    "Korean": ("한국어를 배우기", ("한국어", "배우", normalize("NFD", "한국어를"))),
    "rare characters": ("𠮷野家で", ("𠮷野家", "𠮷")),
    "operators": ("東京タワーの夜", ('"東京タワー" -朝', "朝 or 夜", "東京 -大阪")),
}
"""A title, and what it is found by."""
NOT_FOUND = {
    "two Hindi words that differ in a vowel": ("दिन", "दीन"),
    "two Hindi words that differ in a virama": ("कमल", "कम्ल"),
    "a Thai word with another tone": ("ไมโคร ไม้", "ไหม"),
    "a Thai word with another vowel": ("กา", "กิ"),
    "kana with and without dots": ("かき", "かぎ"),
    "characters in another order": ("動画", "画動"),
    "characters apart": ("動く画", "動画"),
    "a Russian word in another number": ("мой дом", "мои"),
    "an Arabic word with another letter": ("سؤال", "سوال"),
    "an excluded word": ("東京の動画", "東京 -動画"),
    "a part of a Latin word": ("playout", "play"),
}


@pytest.fixture
def search(web, tenant):
    """Return the titles that a search finds."""

    def found(terms: str) -> list[str]:
        query = {"search": terms}
        answer = web.get("/api/v1/videos/", params=query, headers=tenant.headers)
        assert answer.status_code == 200, answer.text
        return [each["title"] for each in answer.json()["results"]]

    return found


class TestSearch:
    @pytest.mark.parametrize("script", FOUND)
    def test_all_spellings_of_a_word_are_found(self, make_video, search, script):
        title, searches = FOUND[script]
        make_video(title="Something else")
        stored = [make_video(title=normalize(form, title))["title"] for form in ("NFC", "NFD")]
        assert stored == [normalize("NFC", title)] * 2
        assert {terms: search(terms) for terms in searches} == dict.fromkeys(searches, stored)

    @pytest.mark.parametrize("case", NOT_FOUND)
    def test_another_word_is_not_found(self, make_video, search, case):
        title, terms = NOT_FOUND[case]
        make_video(title=title)
        assert search(terms) == []

    def test_descriptions_and_tags_are_searched_in_the_same_way(
        self, web, tenant, make_video, search
    ):
        body = {"name": "Bücher"}
        tag = web.post("/api/v1/tags/", json=body, headers=tenant.headers).json()
        make_video(title="Described", description="À la carte")
        make_video(title="Tagged", tags=[tag["id"]])
        assert search("a la CARTE") == ["Described"]
        assert search("bucher") == ["Tagged"]

    def test_a_renamed_tag_is_searched_by_its_new_name(self, web, tenant, make_video, search):
        path, headers = "/api/v1/tags/", tenant.headers
        tag = web.post(path, json={"name": "Vögel"}, headers=headers).json()
        make_video(title="Tagged", tags=[tag["id"]])
        web.patch(f"{path}{tag['id']}/", json={"name": "Bäume"}, headers=headers)
        assert (search("vogel"), search("baume")) == ([], ["Tagged"])
