"""The reader of a page of the console: the language and the time zone in which it is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel import Locale
from starlette.requests import Request

from playout.core.accounts.people import LANGUAGES
from playout.core.analytics.spans import time_zone
from playout.kit.errors import Invalid
from playout.pages.messages import preferred_language

UTC = ZoneInfo("UTC")
ZONE = "playout_zone"
"""The cookie in which the script of the console keeps the time zone of the browser."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A language of the console, and a time zone."""

    language: str = LANGUAGES[0]
    zone: ZoneInfo = UTC

    @property
    def locale(self) -> Locale:
        """Return how the language writes numbers and dates."""
        return Locale.parse(self.language)


_reader: ContextVar[Reader] = ContextVar("reader")


def reader() -> Reader:
    """Return who reads what is written now; outside a request somebody who reads English."""
    return _reader.get(Reader())


@contextmanager
def reading(person: Reader) -> Iterator[None]:
    """Write for this reader in the block, and in the threads that it calls."""
    token = _reader.set(person)
    try:
        yield
    finally:
        _reader.reset(token)


def reader_of(request: Request, chosen: str) -> Reader:
    """Return the reader of a request: the language that the person chose, or the browser's."""
    accepted = request.headers.get("accept-language", "")
    language = chosen if chosen in LANGUAGES else preferred_language(accepted, LANGUAGES)
    return Reader(language, zone_of(request.cookies.get(ZONE, "")))


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its name, such as `Europe/Berlin`; UTC for anything else."""
    try:
        return time_zone(name)
    except Invalid:
        return UTC
