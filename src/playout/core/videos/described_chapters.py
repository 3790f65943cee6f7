"""The chapters that time stamps in a description name."""

import re
from collections.abc import Sequence
from itertools import pairwise

from playout.core.media.model import Chapter
from playout.core.videos.model import TITLE_LENGTH

FEWEST = 2
"""Time stamps that make chapters. A single one is only a remark."""
MOST = 100
BEGINNING = "0:00"
"""The end of the first time stamp."""
_LINE = re.compile(
    r"\s*(?:[-–—•*]\s*)?[(\[]?(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)[)\]]?(?:\s*[-–—:|]\s*|\s+)(\S.*)",
    re.ASCII,
)
_GAP = re.compile(r"\n\s*\n")


def described_chapters(description: str | None, duration_ms: int | None = None) -> list[Chapter]:
    """Return the chapters that a description names, in the order of time.

    It names chapters if two lines or more begin with a time stamp (`1:30 The bridge`), the first
    with 0:00, and each is later than the one before. Chapters after the end of the video are left
    out.
    """
    if description is None or BEGINNING not in description:
        return []  # as nearly all do: lists of videos look at each
    matches = map(_LINE.fullmatch, description.splitlines())
    found = [_chapter(*match.groups()) for match in matches if match]
    starts = [each["start"] for each in found]
    if starts[:1] != [0] or any(second <= first for first, second in pairwise(starts)):
        return []
    shown = [each for each in found if duration_ms is None or each["start"] * 1000 < duration_ms]
    return shown[:MOST] if len(shown) >= FEWEST else []


def without_chapters(description: str, chapters: Sequence[Chapter]) -> str:
    """Return a description without the lines that name these chapters.

    If it does not name just these, it stays as it is.
    """
    if not chapters or described_chapters(description) != list(chapters):
        return description
    lines = [each for each in description.splitlines() if not _LINE.fullmatch(each)]
    return _GAP.sub("\n\n", "\n".join(lines)).strip()


def _chapter(hours: str | None, minutes: str, seconds: str, title: str) -> Chapter:
    start = 3600 * int(hours or 0) + 60 * int(minutes) + int(seconds)
    return {"start": float(start), "title": title.strip()[:TITLE_LENGTH]}
