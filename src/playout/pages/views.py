"""What the public pages are told: typed template contexts.

Plain values only, so that a page can be rendered, tested and cached without a database. All
times are aware; addresses called absolute begin with ``https://`` or ``http://``.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as HTML, and what it is made of: when that changes, it is not shown again."""

    html: str
    tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionTrack:
    """Captions in one language, a BCP 47 tag; `default` is shown unasked."""

    url: str
    language: str
    label: str
    default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoCard:
    """One video in the gallery. `aspect` is the picture as displayed: width, height.

    `webp` and `jpeg` are the poster in several sizes, spelled as `srcset` wants it; `preview_url`
    is a moving picture.
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

    `next_url` leads to older videos. `first_url` leads back to the newest, and is None on the
    first page.
    """

    site_name: str
    base_url: str
    cards: tuple[VideoCard, ...]
    next_url: str | None = None
    first_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """The page of one video.

    `url` is canonical and, like `poster_url` and `video_url`, absolute. `width` and `height` are
    those of the picture as displayed, after rotation and pixel aspect. `language` is a BCP 47 tag.
    `viewer` is the name of whom alone the page is for, None where it is everybody's. `hls_url` is
    the master playlist of the adaptive streams, if there are any; `storyboard_url` is a WebVTT file
    that names a small picture for each time.
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
    storyboard_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """The landing page of a share, as one who has the link sees it.

    `url`, `poster_url` and `video_url` are absolute; `cta_label` and `cta_url` come together, and
    `hls_url` and what follows are as on a watch page.
    """

    site_name: str
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
    storyboard_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A page that says why there is nothing to watch: not here, not now."""

    status: int
    title: str
    message: str
    site_name: str = "Playout"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInView:
    """The page to sign in at. `next` is a path on this site, `viewer` the name of who has signed
    in already, `problem` why it did not work."""

    site_name: str
    next: str = "/"
    viewer: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSummary:
    """An API in a few words: where its reference page, its requests and its document go."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceView:
    """The reference of one API; `base_url` is absolute, what is built has paths."""

    site_name: str
    api: ApiSummary
    base_url: str
    script: str
    stylesheet: str
