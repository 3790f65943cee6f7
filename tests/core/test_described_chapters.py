"""The chapters that a description names."""

import pytest

from playout.core.videos.described_chapters import described_chapters, without_chapters

RIDE = """A ride in ninety seconds.

0:00 Out of the door
0:14 - Gears that shift by themselves
(1:08) What it costs

Music at 0:30 by the band."""


def chapters(description: str | None, duration_ms: int | None = None) -> list[tuple[float, str]]:
    found = described_chapters(description, duration_ms)
    return [(each["start"], each["title"]) for each in found]


class TestDescribedChapters:
    def test_each_line_that_begins_with_a_time_stamp_begins_a_chapter(self) -> None:
        assert chapters(RIDE) == [
            (0, "Out of the door"),
            (14, "Gears that shift by themselves"),
            (68, "What it costs"),
        ]

    @pytest.mark.parametrize(
        ("stamp", "start"), [("1:02:03", 3723), ("62:03", 3723), ("00:09", 9), ("[0:09]", 9)]
    )
    @pytest.mark.parametrize("mark", [" ", " – ", ": ", " | "])
    def test_usual_spellings_of_a_time(self, stamp: str, start: int, mark: str) -> None:
        assert chapters(f"• 0:00 A\r\n- {stamp}{mark}B: b")[1] == (start, "B: b")

    @pytest.mark.parametrize(
        "text",
        [
            None,
            "",
            "0:00 Only one",
            "12:30 Lunch\n14:00 Coffee",
            "0:00 A\n2:00 B\n1:00 C",
            "0:00 A\n0:00 B",
            "At 0:00 A\nAt 1:00 B",
            "0:00\n1:00",
            "0:00 A\n0:77 B",
        ],
    )
    def test_other_times_make_no_chapters(self, text: str | None) -> None:
        assert chapters(text) == []

    def test_chapters_after_the_end_are_left_out(self) -> None:
        assert chapters("0:00 A\n0:10 B\n5:00 C", 60_000) == [(0, "A"), (10, "B")]
        assert chapters("0:00 A\n5:00 C", 60_000) == []


class TestWithoutChapters:
    def test_the_lines_of_the_chapters_go_and_the_rest_stays(self) -> None:
        text = "Filmed from the pier.\n\n0:00 The pier\n0:06 Gulls\n\nThanks to all."
        rest = without_chapters(text, described_chapters(text))
        assert rest == "Filmed from the pier.\n\nThanks to all."

    def test_a_description_stays_whole_when_other_chapters_are_shown(self) -> None:
        text = "0:00 The pier\n0:06 Gulls\n7:00 After the end"
        assert without_chapters(text, described_chapters(text, 60_000)) == text
        assert without_chapters(text, [{"start": 0, "title": "Set by hand"}]) == text
        assert without_chapters(text, []) == text
