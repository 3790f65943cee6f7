"""The chapters of a video: those that somebody set, those that its description names, or those of
its source."""

from collections.abc import Sequence

from playout.core.media.model import Asset, Chapter
from playout.core.videos.described_chapters import described_chapters
from playout.core.videos.model import Video
from playout.kit.errors import Invalid

MAX_START = 86_400.0
"""Seconds."""


def chapters_of(video: Video, asset: Asset | None) -> list[Chapter]:
    """Return the chapters of a video that plays the asset, in the order of time."""
    if video.chapters is not None:
        return video.chapters
    described = described_chapters(video.description, asset.duration_ms if asset else None)
    return described or (asset.chapters if asset else [])


def in_order(chapters: Sequence[Chapter]) -> list[Chapter]:
    """Return the chapters in the order of time. Raise `Invalid` if two begin at once."""
    ordered = sorted(chapters, key=lambda chapter: chapter["start"])
    starts = [chapter["start"] for chapter in ordered]
    if len(starts) != len(set(starts)):
        reason = "Two chapters begin at the same time."
        raise Invalid(reason, {"chapters": reason})
    return ordered
