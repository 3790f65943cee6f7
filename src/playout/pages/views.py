"""Views: the typed contexts of templates.

They contain plain values only, so a page can be rendered and tested without a database. All times
have a time zone. Addresses on this site are paths, so that a page works under any host; they begin
with `prefix`, the path of the public address. The few that must be absolute begin with `base_url`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from playout.pages.messages import Messages


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
    aspect: tuple[int, int] | None = None
    webp: str | None = None
    jpeg: str | None = None
    preview_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryView:
    """One page of the gallery, newest first.

    `cursor` names the last video of the page before; it is "" on the first page.
    `next_url` leads to older videos. `first_url` leads back to the newest; it is None on the first
    page.
    """

    site_name: str
    base_url: str
    cards: tuple[VideoCard, ...]
    next_url: str | None = None
    first_url: str | None = None
    cursor: str = ""
    prefix: str = ""


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
    may show it. `views` is None if nobody counts them.
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
    hls_url: str | None = None
    captions: tuple[CaptionTrack, ...] = ()
    chapters_url: str | None = None
    storyboard_url: str | None = None
    poster_size: tuple[int, int] | None = None
    player_url: str | None = None
    chapters: tuple[Chapter, ...] = ()
    views: int | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandView:
    """The brand of a landing page: its texts, links and pictures, and `styles` with its colours.

    `logo` and `favicon` are paths.
    """

    project: str
    """The uid of the project."""
    name: str
    font: str
    page_light: str
    page_dark: str
    styles: Markup
    favicon: str
    logo: str | None = None
    home_url: str | None = None
    footer: str | None = None
    privacy_url: str | None = None
    imprint_url: str | None = None
    consent: str | None = None
    shows_playout: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """The landing page of a share.

    `url` is absolute. `language` is that of the texts of the share, which may be another than the
    pages have. `cta_label` and `cta_url`, the call to action, are either both set or both
    None. `hls_url` and the fields after it are those of a watch page.
    """

    brand: BrandView
    messages: Messages
    base_url: str
    url: str
    title: str
    subtitle: str | None
    language: str | None
    cta_label: str | None
    cta_url: str | None
    width: int | None
    height: int | None
    poster_url: str | None
    video_url: str
    video_type: str
    hls_url: str | None = None
    captions: tuple[CaptionTrack, ...] = ()
    chapters_url: str | None = None
    storyboard_url: str | None = None
    poster_size: tuple[int, int] | None = None
    player_url: str | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedView:
    """The player that other sites show in a frame.

    `url`, the page that it belongs to, is absolute. `sites` may send messages to it. `color` is
    that of its controls. The other fields are those of a watch page.
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
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedNoticeView:
    """A frame that plays nothing: why, in English, which is the key of its translation."""

    messages: Messages
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareNoticeView:
    """A landing page that shows nothing: why, in English, which is the key of its translation."""

    brand: BrandView
    messages: Messages
    title: str
    message: str
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A page that says why there is nothing to watch."""

    status: int
    title: str
    message: str
    site_name: str = "Playout"
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """The form that lets a visitor in to a video, with its password if it has one.

    `action` is the path that the form is sent to, and `problem` the reason why a password was
    refused, in English.
    """

    brand: BrandView
    messages: Messages
    title: str
    action: str
    has_password: bool
    problem: str | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStartView:
    """The form, or, once there is a token, what follows from it. `values` are what was typed."""

    site_name: str
    prefix: str
    code: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInView:
    """The sign-in page.

    `next` is a path on this site, `viewer` the name of a member who is signed in already, and
    `problem` the reason why signing in failed.
    """

    site_name: str
    next: str = "/"
    viewer: str | None = None
    problem: str | None = None
    prefix: str = ""


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
    """The list of the APIs."""

    site_name: str
    apis: tuple[ApiSummary, ...]
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceView:
    """The reference of one API. `script` and `stylesheet` are paths without a prefix."""

    site_name: str
    api: ApiSummary
    base_url: str
    script: str
    stylesheet: str
    prefix: str = ""
