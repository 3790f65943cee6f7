"""Views become HTML here.

Pages carry no inline script and no inline style, so that a strict content security policy holds;
what the public sees works without any script, which at most makes it nicer. A watch page's JSON-LD
is a data block, which browsers do not run.
"""

import re
from datetime import UTC, datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from playout.pages.static_files import built_path, static_path
from playout.pages.views import (
    GalleryView,
    NoticeView,
    ReferencesView,
    ReferenceView,
    ShareView,
    SignInView,
    WatchView,
)

# Widest first: the player is sized for the last shape that is no wider than the picture, so that
# the picture fits the window whole and its box is known before the first byte of video arrives.
_SHAPES = (("cinema", 2.2), ("wide", 16 / 9), ("classic", 4 / 3), ("square", 1.0), ("near", 0.8))
_SNIPPET = 200
_URL = re.compile(r"https?://\w[^\s<>\"“”«»]*", re.IGNORECASE)
_OPENERS = {")": "(", "]": "[", "}": "{"}


def render_gallery(view: GalleryView) -> str:
    """The gallery as a whole HTML document."""
    return _environment().get_template("gallery.html").render(view=view)


def render_watch(view: WatchView) -> str:
    """The page of one video as a whole HTML document."""
    return (
        _environment()
        .get_template("watch.html")
        .render(view=view, summary=snippet(view.description), data=video_object(view))
    )


def render_share(view: ShareView) -> str:
    """A landing page as a whole HTML document."""
    return _environment().get_template("share.html").render(view=view)


def render_notice(view: NoticeView) -> str:
    """A notice as a whole HTML document; the caller answers with `view.status`."""
    return _environment().get_template("notice.html").render(view=view)


def render_sign_in(view: SignInView) -> str:
    """The page to sign in at as a whole HTML document."""
    return _environment().get_template("sign_in.html").render(view=view)


def render_references(view: ReferencesView) -> str:
    """The list of the APIs as a whole HTML document."""
    return _environment().get_template("references.html").render(view=view)


def render_reference(view: ReferenceView) -> str:
    """The reference of one API as a whole HTML document."""
    return _environment().get_template("reference.html").render(view=view)


def iso_duration(milliseconds: int) -> str:
    """ISO 8601, in whole seconds, at least one: 65000 is PT1M5S."""
    hours, minutes, seconds = _clock(milliseconds)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + "".join(f"{count}{unit}" for count, unit in parts if count)


def human_duration(milliseconds: int) -> str:
    """As players show it: 1:05, or 1:02:05."""
    hours, minutes, seconds = _clock(milliseconds)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def iso_time(at: datetime) -> str:
    """RFC 3339 in UTC, in whole seconds."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def human_date(at: datetime) -> str:
    """The day in UTC, without a leading zero: 5 March 2026."""
    day = at.astimezone(UTC)
    return f"{day.day} {day:%B %Y}"


def shape(width: int | None, height: int | None) -> str:
    """The name under which the stylesheet sizes a picture; `wide` when nothing is known."""
    if not width or not height:
        return "wide"
    # One per cent of grace: 852x480 is meant to be 16:9.
    ratio = width / height * 1.01
    return next((name for name, least in _SHAPES if ratio >= least), "tall")


def snippet(text: str) -> str:
    """The beginning of a text on one line, cut between words, for search and share previews."""
    line = " ".join(text.split())
    if len(line) <= _SNIPPET:
        return line
    return line[:_SNIPPET].rsplit(" ", 1)[0] + "…"


def rich_text(text: str) -> Markup:
    """A description: paragraphs and line breaks kept, http(s) addresses linked, all else escaped.

    Each paragraph finds its own direction, since one text may mix scripts.
    """
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    body = Markup("<br>\n")
    return Markup("\n").join(
        Markup('<p dir="auto">{}</p>').format(body.join(_linked(line) for line in part.split("\n")))
        for part in paragraphs
        if part
    )


def video_object(view: WatchView) -> dict[str, object]:
    """The video as a schema.org VideoObject. What is unknown is left out."""
    known = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": view.title,
        "description": view.description.strip(),
        "url": view.url,
        "thumbnailUrl": view.poster_url,
        "uploadDate": iso_time(view.published_at),
        "dateModified": iso_time(view.updated_at),
        "duration": iso_duration(view.duration_ms) if view.duration_ms else None,
        "contentUrl": view.video_url,
        "encodingFormat": view.video_type,
        "inLanguage": view.language,
        "keywords": list(view.tags),
        # Not `creator`: that wants a Person or an Organization, and we cannot tell which.
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
    # Jinja's own urlize also links bare domains and mail addresses, which nobody asked for.
    out, end = Markup(), 0
    for match in _URL.finditer(line):
        url = _trimmed(match.group())
        out += escape(line[end : match.start()])
        out += Markup('<a href="{0}" rel="nofollow ugc noopener">{0}</a>').format(url)
        end = match.start() + len(url)
    return out + escape(line[end:])


def _trimmed(url: str) -> str:
    """Without the punctuation of the sentence around it; brackets stay when they are paired."""
    while url[-1] in ".,;:!?'’…。、" or _closes_nothing(url):
        url = url[:-1]
    return url


def _closes_nothing(url: str) -> bool:
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
    formats = (human_date, human_duration, iso_duration, iso_time, rich_text)
    environment.filters.update({use.__name__: use for use in formats})
    return environment
