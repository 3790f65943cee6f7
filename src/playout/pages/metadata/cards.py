"""Preview cards of pages in messengers, social networks and search engines (Open Graph).

A card names the player of a page as well, which a site may show in a frame.
"""

from dataclasses import dataclass
from urllib.parse import quote

DEFAULT_SIZE = (1280, 720)
"""Pixels of a player whose video has no known size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture at an absolute address; its size in pixels is None if it is not known."""

    url: str
    size: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardVideo:
    """A video on a card, at an absolute address: a file, or a player for a frame."""

    url: str
    media_type: str
    size: tuple[int, int]

    @property
    def secure_url(self) -> str | None:
        return self.url if self.url.startswith("https://") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The preview of a page with a video. All addresses are absolute.

    `video_url` is that of a file that everybody may have at any time, or None. `player_url` is that
    of the page's player for frames; None if no site may show it.
    """

    site_name: str
    url: str
    title: str
    summary: str | None
    picture: Picture | None
    video_size: tuple[int, int] | None
    video_url: str | None = None
    video_type: str = "video/mp4"
    player_url: str | None = None

    @property
    def videos(self) -> tuple[CardVideo, ...]:
        """The file, then the player: few readers show players of sites unknown to them.

        A file of unknown size gets that of players, since readers show no video without a size.
        """
        size = self.video_size or DEFAULT_SIZE
        found = ((self.video_url, self.video_type), (self.player_url, "text/html"))
        return tuple(CardVideo(url=url, media_type=kind, size=size) for url, kind in found if url)

    @property
    def player(self) -> CardVideo | None:
        """The player for a player card, which must have a secure address."""
        players = (each for each in self.videos if each.url == self.player_url)
        return next((each for each in players if each.secure_url), None)

    @property
    def kind(self) -> str:
        """The `twitter:card`, which other readers take for the layout of a preview, too."""
        if self.player and self.picture:
            return "player"
        return "summary_large_image" if self.picture else "summary"


def player_url(page_url: str) -> str:
    """Return the address of the player for frames that belongs to a watch page or landing page."""
    site, kind, slug = page_url.rsplit("/", 2)
    return f"{site}/embed/{kind}/{slug}"


def oembed_url(base_url: str, page_url: str, form: str) -> str:
    """Return the address of the oEmbed of a page, as `json` or `xml`."""
    return f"{base_url}/oembed?url={quote(page_url, safe='')}&format={form}"
