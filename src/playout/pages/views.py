"""Views: the typed contexts of templates.

They contain plain values only, so a page can be rendered and tested without a database. All times
have a time zone. Addresses on this site are paths, so that a page works under any host; they begin
with `prefix`, the path of the public address. The few that must be absolute begin with `base_url`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from playout.pages.messages import Messages
from playout.pages.messages import messages as messages_in


def _english() -> Messages:
    return messages_in(None)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as HTML, and the cache tags of what it shows: to invalidate one of them drops it.

    `styles` are those in a style element of the page, and `ancestors` the sites that may show it in
    a frame, both for the content security policy.
    """

    html: str
    tags: tuple[str, ...] = ()
    styles: str = ""
    ancestors: str = ""
    is_for_all: bool = True
    """False for a variant of a page, and for one of one person: no shared cache may keep it."""
    until: datetime | None = None
    """The time at which it has to be made anew, though nothing else changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionTrack:
    """Captions in one language, a BCP 47 tag. `default` captions are shown from the start."""

    url: str
    language: str
    label: str
    default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A part of a video that begins at `start`, in seconds."""

    start: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmView:
    """The film that plays for one viewer.

    `words` are the texts that it shows this viewer, in `language`, a BCP 47 tag. The page has them,
    too: for those who do not see them in the film.
    """

    hls_url: str
    language: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A creator, a tag or a language, with the address of the videos that have it, or have not.

    `count` is the number of videos that have it, of those that were counted.
    """

    name: str
    url: str
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoCard:
    """One video in the gallery. `aspect` is the width and height of the picture as displayed.

    `webp` and `jpeg` are values of `srcset` with the poster in several sizes. `preview_url` is an
    animated picture.
    """

    title: str
    url: str
    poster_url: str | None
    duration_ms: int | None
    creator: str | None
    published_at: datetime
    creator_url: str | None = None
    is_public: bool = True
    aspect: tuple[int, int] | None = None
    webp: str | None = None
    jpeg: str | None = None
    preview_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetGroup:
    """The facets of one kind, most frequent first. `title` is a text of `messages`."""

    title: str
    facets: tuple[Facet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryView:
    """One page of the gallery, of a creator, of a tag, or of what a search found; newest first.

    `heading` is the name of the creator or tag, and "" elsewhere. `words` are those of the search.
    `chosen` are the facets that every video has, each with the address without it. `counted` is the
    number of videos whose facets were counted, if there may be more; `found` that of all matches.
    `url` is the canonical address, and `folder` the one below which the feeds are; it is None for a
    search. `next_url` leads to older videos. `first_url` leads back to the newest; it is None on
    the first page. `viewer` is the member who is signed in.
    """

    site_name: str
    base_url: str
    cards: tuple[VideoCard, ...]
    url: str = "/"
    heading: str = ""
    words: str = ""
    chosen: tuple[Facet, ...] = ()
    groups: tuple[FacetGroup, ...] = ()
    counted: int | None = None
    found: int | None = None
    folder: str | None = ""
    next_url: str | None = None
    first_url: str | None = None
    viewer: str | None = None
    messages: Messages = field(default_factory=_english)
    prefix: str = ""

    @property
    def is_search(self) -> bool:
        """Return whether the page shows what a search found."""
        return self.folder is None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """The page of one video.

    `url`, the canonical address, is absolute. `width` and `height` are those of the picture as
    displayed, after rotation and pixel aspect ratio. `language` is a
    BCP 47 tag. `viewer` is the name of the only person that the page is for, and None for a public
    page. `hls_url` is the multivariant playlist of the adaptive streams, if there are any.
    `storyboard_url` is a WebVTT file that names a small picture for each time, and `chapters_url`
    one that names the chapters. `poster_size` is the width and height of the poster, if they are
    known. `player_url`, the player for frames on other sites, is absolute; it is None if no site
    may show it. `views` is None if nobody counts them. `counting` is what the player needs to count
    its viewer, as JSON; None if nobody is counted. `related` are videos to watch next. `tag_urls`
    are the pages of the tags that have one. `cta_label` and `cta_url`, the call to action, are set
    together. `autoplay` is `off`, `muted` or `sound`. `styles` are those of its style element.
    `is_public` is False for a page of members.
    """

    site_name: str
    base_url: str
    url: str
    title: str
    description: str
    tags: tuple[str, ...]
    creator: str | None
    published_at: datetime
    updated_at: datetime
    duration_ms: int | None
    width: int | None
    height: int | None
    poster_url: str | None
    video_url: str
    video_type: str
    language: str | None = None
    has_subtitles: bool | None = None
    viewer: str | None = None
    is_public: bool = True
    hls_url: str | None = None
    captions: tuple[CaptionTrack, ...] = ()
    chapters_url: str | None = None
    storyboard_url: str | None = None
    downloads: bool = True
    poster_size: tuple[int, int] | None = None
    player_url: str | None = None
    chapters: tuple[Chapter, ...] = ()
    views: int | None = None
    related: tuple[VideoCard, ...] = ()
    cta_label: str | None = None
    cta_url: str | None = None
    autoplay: str = "off"
    start_seconds: int | None = None
    styles: str = ""
    creator_url: str | None = None
    tag_urls: Mapping[str, str] = field(default_factory=dict)
    messages: Messages = field(default_factory=_english)
    counting: str | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedView:
    """The player that other sites show in a frame.

    `url`, the page that it belongs to, is absolute. `sites` may send messages to it. `color` is
    that of its controls. `film` is that of the viewer, if it plays one; `hls_url` is then its
    address. The other fields are those of a watch page.
    """

    messages: Messages
    url: str
    title: str
    color: str | None
    sites: tuple[str, ...]
    width: int | None
    height: int | None
    poster_url: str | None
    video_url: str
    video_type: str
    hls_url: str | None
    captions: tuple[CaptionTrack, ...]
    chapters_url: str | None = None
    storyboard_url: str | None
    downloads: bool = True
    film: FilmView | None = None
    counting: str | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedNoticeView:
    """A frame that plays nothing: why, in English, which is the key of its translation."""

    messages: Messages
    message: str
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A page that says why there is nothing to watch."""

    status: int
    title: str
    message: str
    site_name: str = "Playout"
    messages: Messages = field(default_factory=_english)
    prefix: str = ""
    offers_videos: bool = True
    """A link to all videos is on it. The visitors of a customer came for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSummary:
    """An API in one sentence, with the paths of its reference page, requests and document.

    These paths have no prefix.
    """

    name: str
    page: str
    base: str
    document: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencesView:
    """The list of the APIs. `url`, its own address, is absolute."""

    site_name: str
    url: str
    apis: tuple[ApiSummary, ...]
    messages: Messages = field(default_factory=_english)
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceView:
    """The reference of one API. `script` and `stylesheet` are paths without a prefix.

    `url`, its own address, is absolute, and so is `base_url`, that of the API.
    """

    site_name: str
    url: str
    api: ApiSummary
    base_url: str
    script: str
    stylesheet: str
    messages: Messages = field(default_factory=_english)
    prefix: str = ""
