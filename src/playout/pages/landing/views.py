"""Views of landing pages and of the forms in front of them, in the brand of a project."""

from dataclasses import dataclass

from markupsafe import Markup

from playout.core.experiments.model import Autoplay
from playout.pages.messages import Messages
from playout.pages.views import CaptionTrack, FilmView


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
    None. `film` is that of the viewer, if it plays one; `hls_url` is then its address. The other
    fields are those of a watch page.
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
    downloads: bool = True
    poster_size: tuple[int, int] | None = None
    player_url: str | None = None
    film: FilmView | None = None
    counting: str | None = None
    prefix: str = ""
    autoplay: Autoplay = "off"
    start_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareNoticeView:
    """A landing page that shows nothing: why, in English, which is the key of its translation."""

    brand: BrandView
    messages: Messages
    title: str
    message: str
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
