"""The format of descriptions, durations, times and shapes."""

from datetime import timedelta, timezone

import pytest

from playout.pages import render
from tests.pages.helpers import examples


class TestRichText:
    @pytest.mark.parametrize(
        ("text", "linked"),
        [
            ("See https://a.example/b.", "https://a.example/b"),
            ("(https://a.example/b)", "https://a.example/b"),
            ("https://a.example/b_(c)", "https://a.example/b_(c)"),
            ("“https://a.example/b”, he said", "https://a.example/b"),
            ('"HTTP://a.example"!', "HTTP://a.example"),
            ("https://a.example/?b=1&c=2", "https://a.example/?b=1&amp;c=2"),
            ("https://a.example/'onclick=1", "https://a.example/&#39;onclick=1"),
        ],
    )
    def test_an_address_is_linked_without_the_sentence_around_it(
        self, text: str, linked: str
    ) -> None:
        link = f'<a href="{linked}" rel="nofollow ugc noopener noreferrer">{linked}</a>'
        assert link in render.rich_text(text)

    @pytest.mark.parametrize(
        "text",
        ["javascript:alert(1)", "data:text/html,x", "https://", "example.org", "me@example.org"],
    )
    def test_nothing_else_is_linked(self, text: str) -> None:
        assert "<a" not in render.rich_text(text)

    def test_lines_and_paragraphs_are_kept(self) -> None:
        assert render.rich_text("\na\r\nb\n \n\nc\n") == (
            '<p dir="auto">a<br>\nb</p>\n<p dir="auto">c</p>'
        )

    def test_markup_is_escaped_around_links(self) -> None:
        html = render.rich_text("<b>https://a.example/<i>")
        assert html.count("<") == 4
        assert html.endswith("</a>&lt;i&gt;</p>")

    def test_a_long_run_of_brackets_is_fast(self) -> None:
        assert "<a" in render.rich_text("https://a" + ")" * 20_000)


class TestFormats:
    @pytest.mark.parametrize(
        ("milliseconds", "iso", "human"),
        [
            (1, "PT1S", "0:01"),
            (65_000, "PT1M5S", "1:05"),
            (59_600, "PT1M", "1:00"),
            (3_600_000, "PT1H", "1:00:00"),
            (3_725_400, "PT1H2M5S", "1:02:05"),
            (90_000_000, "PT25H", "25:00:00"),
        ],
    )
    def test_a_duration_for_machines_and_for_people(
        self, milliseconds: int, iso: str, human: str
    ) -> None:
        assert render.iso_duration(milliseconds) == iso
        assert render.human_duration(milliseconds) == human

    def test_times_are_in_utc(self) -> None:
        late = examples.AT.replace(hour=23).astimezone(timezone(timedelta(hours=9)))
        assert render.iso_time(late) == "2026-03-05T23:30:00Z"
        assert render.human_date(late) == "5 March 2026"

    def test_a_snippet_is_cut_between_words(self) -> None:
        cut = render.snippet("word " * 100)
        assert len(cut) <= 201
        assert cut.endswith("word…")
        assert len(render.snippet("x" * 1000)) == 201

    @pytest.mark.parametrize(
        ("size", "name"),
        [
            ((1920, 1080), "wide"),
            ((852, 480), "wide"),
            ((2390, 1000), "cinema"),
            ((640, 480), "classic"),
            ((1080, 1080), "square"),
            ((1080, 1350), "near"),
            ((1080, 1920), "tall"),
            ((None, None), "wide"),
        ],
    )
    def test_a_picture_gets_the_shape_that_is_no_wider(
        self, size: tuple[int | None, int | None], name: str
    ) -> None:
        assert render.shape(*size) == name
