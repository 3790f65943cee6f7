"""Times, numbers and sizes as the reader's language writes them, in the reader's time zone."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from playout.console.reader import reader

PATTERNS = {
    "en": {"day": "d MMM y", "short": "d MMM", "weekday": "EEE d MMM"},
    "de": {"day": "d. MMM y", "short": "d. MMM", "weekday": "EEE, d. MMM"},
}
"""The forms of a day in each language: with its year, without it, and with its weekday."""


def human_moment(at: datetime) -> str:
    """Return a time as people write it: `20 Nov 2026, 18:00`."""
    return _moment(at, f"{_pattern('day')}, HH:mm")


def zoned_moment(at: datetime) -> str:
    """Return a time with the short name of its zone: `20 Nov 2026, 18:00 UTC`."""
    return _moment(at, f"{_pattern('day')}, HH:mm z")


def short_moment(at: datetime) -> str:
    """Return a time without its year: `20 Nov, 18:00 UTC`."""
    return _moment(at, f"{_pattern('short')}, HH:mm z")


def human_day(day: date, form: str = "day") -> str:
    """Return a day as people write it, in a form of `PATTERNS`: `20 Nov 2026`."""
    return str(format_date(day, _pattern(form), locale=reader().locale))


def human_days(first: date, last: date) -> str:
    """Return days as people write them, with the year once: `31 Oct – 27 Nov 2026`."""
    if first == last:
        return human_day(first)
    if first.year != last.year:
        return f"{human_day(first)} – {human_day(last)}"
    pattern = _pattern("short")
    if first.month == last.month:
        pattern = pattern.removesuffix(" MMM")
    return f"{format_date(first, pattern, locale=reader().locale)} – {human_day(last)}"


def human_number(number: float, digits: int = 0) -> str:
    """Return a number with the signs of the language, and so many digits after the point."""
    pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
    return str(format_decimal(number, pattern, locale=reader().locale))


def human_bytes(size: int) -> str:
    """Return a size as people write it: `1.5 GB`."""
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB", "PB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    digits = 0 if unit == "B" or value >= 100 else 1
    return f"{human_number(value, digits)} {unit}"


def _pattern(form: str) -> str:
    return PATTERNS[reader().language][form]


def _moment(at: datetime, pattern: str) -> str:
    person = reader()
    return str(format_datetime(at, pattern, tzinfo=person.zone, locale=person.locale))
