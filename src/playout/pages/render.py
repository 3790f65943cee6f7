"""Renders views as HTML.

Pages contain no inline script and no inline style: a strict content security policy forbids both.
Public pages work without scripts, which only add to them. The JSON-LD of a watch page is a data
block, which browsers do not run.
"""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from playout.pages.accounts.views import (
    AccountLinkView,
    FirstStartView,
    SignedOutView,
    SignInView,
)
from playout.pages.formats import (
    absolute,
    encode_all,
    human_duration,
    human_time,
    iso_duration,
    iso_time,
    rich_text,
    snippet,
)
from playout.pages.landing.views import EntryView, ShareNoticeView, ShareView
from playout.pages.metadata.cards import Card, Picture, oembed_url
from playout.pages.metadata.video_object import video_object
from playout.pages.static_files import built_path, static_path
from playout.pages.views import (
    EmbedNoticeView,
    EmbedView,
    GalleryView,
    NoticeView,
    ReferencesView,
    ReferenceView,
    WatchView,
)

# Widest first. The player takes the size of the first shape that is no wider than the picture: the
# whole picture fits the window, and its box is known before the first byte of video arrives.
_SHAPES = (("cinema", 2.2), ("wide", 16 / 9), ("classic", 4 / 3), ("square", 1.0), ("near", 0.8))


def render_gallery(view: GalleryView) -> str:
    """Return the HTML document of a page of the gallery."""
    return _environment().get_template("gallery.html").render(view=view)


def render_watch(view: WatchView) -> str:
    """Return the HTML document of the page of a video."""
    card = Card(
        site_name=view.site_name,
        url=view.url,
        title=view.title,
        summary=snippet(view.description) or f"A video from {view.site_name}.",
        picture=_picture(view),
        video_size=_size(view),
        video_url=absolute(view.video_url, view.base_url),
        video_type=view.video_type,
        player_url=view.player_url,
    )
    page = _environment().get_template("watch.html")
    return page.render(view=view, card=card, data=video_object(view))


def render_share(view: ShareView) -> str:
    """Return the HTML document of a landing page."""
    # No address of the video itself: it ends after a day, and previews are kept longer.
    card = Card(
        site_name=view.brand.name,
        url=view.url,
        title=view.title,
        summary=view.subtitle,
        picture=_picture(view),
        video_size=_size(view),
        player_url=view.player_url,
    )
    return _environment().get_template("share.html").render(view=view, card=card)


def render_share_notice(view: ShareNoticeView) -> str:
    """Return the HTML document of a landing page that shows nothing."""
    return _environment().get_template("share_notice.html").render(view=view)


def render_embed(view: EmbedView) -> str:
    """Return the HTML document of the player that other sites show in a frame."""
    return _environment().get_template("embed.html").render(view=view)


def render_embed_notice(view: EmbedNoticeView) -> str:
    """Return the HTML document of a frame that plays nothing."""
    return _environment().get_template("embed_notice.html").render(view=view)


def render_notice(view: NoticeView) -> str:
    """Return the HTML document of a notice. Its HTTP status should be `view.status`."""
    return _environment().get_template("notice.html").render(view=view)


def render_entry(view: EntryView) -> str:
    """Return the HTML document of the form that lets a visitor in."""
    return _environment().get_template("share_entry.html").render(view=view)


def render_sign_in(view: SignInView) -> str:
    """Return the HTML document of the sign-in page."""
    return _environment().get_template("sign_in.html").render(view=view)


def render_signed_out(view: SignedOutView) -> str:
    """Return the HTML document after signing out, for who came by a provider."""
    return _environment().get_template("signed_out.html").render(view=view)


def render_first_start(view: FirstStartView) -> str:
    """Return the HTML document of the form of the first start."""
    return _environment().get_template("first_start.html").render(view=view)


def render_account_link(view: AccountLinkView) -> str:
    """Return the HTML document of the form behind an account link."""
    return _environment().get_template("account_link.html").render(view=view)


def render_references(view: ReferencesView) -> str:
    """Return the HTML document of the list of the APIs."""
    return _environment().get_template("references.html").render(view=view)


def render_reference(view: ReferenceView) -> str:
    """Return the HTML document of the reference of an API."""
    return _environment().get_template("reference.html").render(view=view)


def shape(width: int | None, height: int | None) -> str:
    """Return the shape of a picture in the stylesheet; `wide` if its size is not known."""
    if not width or not height:
        return "wide"
    # One per cent of tolerance: 852x480 is meant to be 16:9.
    ratio = width / height * 1.01
    return next((name for name, least in _SHAPES if ratio >= least), "tall")


def _picture(view: WatchView | ShareView) -> Picture | None:
    if view.poster_url is None:
        return None
    return Picture(url=absolute(view.poster_url, view.base_url), size=view.poster_size)


def _size(view: WatchView | ShareView) -> tuple[int, int] | None:
    return (view.width, view.height) if view.width and view.height else None


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("playout.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        shape=shape, static_path=static_path, built_path=built_path, oembed_url=oembed_url
    )
    formats = (absolute, encode_all, human_duration, human_time, iso_duration, iso_time, rich_text)
    environment.filters.update({use.__name__: use for use in formats})
    return environment
