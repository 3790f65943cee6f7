"""The forms in which pages and feeds show times, lengths, addresses and texts."""

import re
from datetime import UTC, datetime
from urllib.parse import urljoin

from markupsafe import Markup, escape

from playout.kit.clock import rfc3339

_SNIPPET = 200
_URL = re.compile(r"https?://\w[^\s<>\"“”«»]*", re.IGNORECASE)
_OPENERS = {")": "(", "]": "[", "}": "{"}


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


def _clock(milliseconds: int) -> tuple[int, int, int]:
    total = max(1, round(milliseconds / 1000))
    minutes, seconds = divmod(total, 60)
    hours, minutes = divmod(minutes, 60)
    return hours, minutes, seconds
