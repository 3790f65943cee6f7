"""The content of a feed, which each format spells in its own way. All addresses are absolute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from playout.pages.metadata.cards import Picture
from playout.pages.views import CaptionTrack


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A published video in a feed. `video_bytes` is None if the size of the file is not known."""

    id: str
    url: str
    title: str
    description: str
    published_at: datetime
    updated_at: datetime
    video_url: str
    video_type: str
    player_url: str | None
    creator: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    duration_ms: int | None = None
    size: tuple[int, int] | None = None
    video_bytes: int | None = None
    poster: Picture | None = None
    captions: tuple[CaptionTrack, ...] = ()

    @property
    def seconds(self) -> int | None:
        """The length in whole seconds, at least one."""
        return max(1, round(self.duration_ms / 1000)) if self.duration_ms else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A page of a feed, newest first.

    `home_url` is the page for people, and `url` the first page of the feed. `next_url` leads to
    older entries. `about` describes the feed in a sentence.
    """

    site_name: str
    title: str
    about: str
    home_url: str
    url: str
    page_url: str
    next_url: str | None
    entries: tuple[Entry, ...]

    @property
    def links(self) -> Mapping[str, str]:
        """The addresses of its pages by their relation to this one (RFC 5005)."""
        older = {"next": self.next_url} if self.next_url else {}
        return {"self": self.page_url, "first": self.url, **older}
