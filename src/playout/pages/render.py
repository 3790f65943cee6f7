"""Renders views as HTML.

Pages contain no inline script and no inline style: a strict content security policy forbids both.
Public pages work without scripts, which only add to them. The JSON-LD of a watch page is a data
block, which browsers do not run.
"""

import re
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urljoin

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from playout.kit.clock import rfc3339
from playout.pages.static_files import built_path, static_path
from playout.pages.views import (
    EmbedNoticeView,
    EmbedView,
    EntryView,
    GalleryView,
    NoticeView,
    ReferencesView,
    ReferenceView,
    ShareNoticeView,
    ShareView,
    SignInView,
    WatchView,
)

# Widest first. The player takes the size of the first shape that is no wider than the picture: the
# whole picture fits the window, and its box is known before the first byte of video arrives.
_SHAPES = (("cinema", 2.2), ("wide", 16 / 9), ("classic", 4 / 3), ("square", 1.0), ("near", 0.8))
_SNIPPET = 200
_URL = re.compile(r"https?://\w[^\s<>\"“”«»]*", re.IGNORECASE)
_OPENERS = {")": "(", "]": "[", "}": "{"}


def render_gallery(view: GalleryView) -> str:
    """Return the HTML document of a page of the gallery."""
    return _environment().get_template("gallery.html").render(view=view)


def render_watch(view: WatchView) -> str:
    """Return the HTML document of the page of a video."""
    return (
        _environment()
        .get_template("watch.html")
        .render(view=view, summary=snippet(view.description), data=video_object(view))
    )


def render_share(view: ShareView) -> str:
    """Return the HTML document of a landing page."""
    return _environment().get_template("share.html").render(view=view)


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


def render_references(view: ReferencesView) -> str:
    """Return the HTML document of the list of the APIs."""
    return _environment().get_template("references.html").render(view=view)


def render_reference(view: ReferenceView) -> str:
    """Return the HTML document of the reference of an API."""
    return _environment().get_template("reference.html").render(view=view)


def absolute(url: str, base_url: str) -> str:
    """Return an address for readers outside the site, such as search engines."""
    return urljoin(base_url, url)


def iso_duration(milliseconds: int) -> str:
    """Return a duration in ISO 8601, in whole seconds and at least one: 65000 is PT1M5S."""
    hours, minutes, seconds = _clock(milliseconds)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + "".join(f"{count}{unit}" for count, unit in parts if count)


def human_duration(milliseconds: int) -> str:
    """Return a duration as players show it: 1:05, or 1:02:05."""
    hours, minutes, seconds = _clock(milliseconds)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def iso_time(at: datetime) -> str:
    """Return a time in RFC 3339, in UTC and whole seconds."""
    return rfc3339(at, "seconds")


def human_date(at: datetime) -> str:
    """Return the day in UTC, without a leading zero: 5 March 2026."""
    day = at.astimezone(UTC)
    return f"{day.day} {day:%B %Y}"


def shape(width: int | None, height: int | None) -> str:
    """Return the shape of a picture in the stylesheet; `wide` if its size is not known."""
    if not width or not height:
        return "wide"
    # One per cent of tolerance: 852x480 is meant to be 16:9.
    ratio = width / height * 1.01
    return next((name for name, least in _SHAPES if ratio >= least), "tall")


def snippet(text: str) -> str:
    """Return the beginning of a text on one line, cut between words, for search engines."""
    line = " ".join(text.split())
    if len(line) <= _SNIPPET:
        return line
    return line[:_SNIPPET].rsplit(" ", 1)[0] + "…"


def rich_text(text: str) -> Markup:
    """Return a description as HTML: paragraphs, line breaks and links; the rest is escaped.

    Each paragraph has its own text direction, because one text may mix scripts.
    """
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    body = Markup("<br>\n")
    return Markup("\n").join(
        Markup('<p dir="auto">{}</p>').format(body.join(_linked(line) for line in part.split("\n")))
        for part in paragraphs
        if part
    )


def video_object(view: WatchView) -> dict[str, object]:
    """Return the video as a schema.org VideoObject, without unknown properties."""
    known = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": view.title,
        "description": view.description.strip(),
        "url": view.url,
        "thumbnailUrl": absolute(view.poster_url, view.base_url) if view.poster_url else None,
        "uploadDate": iso_time(view.published_at),
        "dateModified": iso_time(view.updated_at),
        "duration": iso_duration(view.duration_ms) if view.duration_ms else None,
        "contentUrl": absolute(view.video_url, view.base_url),
        "encodingFormat": view.video_type,
        "inLanguage": view.language,
        "keywords": list(view.tags),
        # Not `creator`: it must be a Person or an Organization, and which of them is not known.
        "creditText": view.creator,
        "accessibilityFeature": ["captions"] if view.has_subtitles else None,
    }
    return {name: value for name, value in known.items() if value}


def _clock(milliseconds: int) -> tuple[int, int, int]:
    total = max(1, round(milliseconds / 1000))
    minutes, seconds = divmod(total, 60)
    hours, minutes = divmod(minutes, 60)
    return hours, minutes, seconds


def _linked(line: str) -> Markup:
    # Jinja's `urlize` would also link domains without a scheme, and e-mail addresses.
    out, end = Markup(), 0
    for match in _URL.finditer(line):
        url = _trimmed(match.group())
        out += escape(line[end : match.start()])
        out += Markup('<a href="{0}" rel="nofollow ugc noopener noreferrer">{0}</a>').format(url)
        end = match.start() + len(url)
    return out + escape(line[end:])


def _trimmed(url: str) -> str:
    """Return the URL without the punctuation of its sentence. Paired brackets stay."""
    while url[-1] in ".,;:!?'’…。、" or _ends_in_unpaired_bracket(url):
        url = url[:-1]
    return url


def _ends_in_unpaired_bracket(url: str) -> bool:
    opener = _OPENERS.get(url[-1])
    return opener is not None and url.count(url[-1]) > url.count(opener)


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
    environment.globals.update(shape=shape, static_path=static_path, built_path=built_path)
    formats = (absolute, human_date, human_duration, iso_duration, iso_time, rich_text)
    environment.filters.update({use.__name__: use for use in formats})
    return environment
