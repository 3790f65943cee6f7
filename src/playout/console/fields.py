"""Values of forms: texts as people type them, checked and brought into the form that core takes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from playout.console.reader import reader, zone_of
from playout.core.videos.model import URL_LENGTH
from playout.core.web_addresses import is_web_address
from playout.kit.errors import Invalid
from playout.kit.ids import parse_id
from playout.kit.strict_json import parse
from playout.kit.text import has_endless_accents, normalize

ZONE_FIELD = "form_zone"
"""The field with the zone of the times in a form: that of the page, which showed it."""


def text(form: Mapping[str, str], name: str, most: int) -> str:
    """Return a text without space around it, in NFC. Raise `Invalid` if it is too long."""
    raw = form.get(name, "").replace("\r\n", "\n").strip()
    if has_endless_accents(raw):
        raise _wrong(name, "It has too many accents on one letter.")
    value = normalize(raw)
    if len(value) > most:
        raise _wrong(name, f"It may have {most:,} characters at the most.")
    if "\0" in value:
        raise _wrong(name, "It has a character that no text may have.")
    return value


def optional_text(form: Mapping[str, str], name: str, most: int) -> str | None:
    """Return `text`, or None for an empty one."""
    return text(form, name, most) or None


def needed_text(form: Mapping[str, str], name: str, most: int) -> str:
    """Return `text`. Raise `Invalid` for an empty one, too."""
    value = text(form, name, most)
    if not value:
        raise _wrong(name, "It must not be empty.")
    return value


def web_address(form: Mapping[str, str], name: str) -> str | None:
    """Return an address of the web; None for an empty field. Raise `Invalid` for another one."""
    address = optional_text(form, name, URL_LENGTH)
    if address is not None and not is_web_address(address):
        raise _wrong(name, "Write an address that begins with https://")
    return address


def json_object(form: Mapping[str, str], name: str) -> dict[str, Any] | None:
    """Return the JSON object in a field; None for an empty field. Raise `Invalid`."""
    written = form.get(name, "").strip()
    if not written:
        return None
    try:
        value = parse(written.encode())
    except Invalid as error:
        raise _wrong(name, error.message.replace("The body", "It")) from None
    if not isinstance(value, dict):
        raise _wrong(name, 'Write a JSON object: {"name": "Ana"}.')
    return value


def number(form: Mapping[str, str], name: str) -> int:
    """Return the id that a form chooses. Raise `Invalid` for a text that is none."""
    id = parse_id(form.get(name, ""))
    if not id:
        raise _wrong(name, "Choose one.")
    return id


def moment(form: Mapping[str, str], name: str) -> datetime | None:
    """Return a date and time; None for an empty field.

    It is in the zone of the page that has the form, unless it names another.
    Raise `Invalid` for anything else.
    """
    value = form.get(name, "").strip()
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
        zone = zone_of(form[ZONE_FIELD]) if ZONE_FIELD in form else reader().zone
        return (at.replace(tzinfo=zone) if at.tzinfo is None else at).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _wrong(name, "Write a date and a time: 2026-11-20T18:00.") from None


def field_moment(at: datetime | None) -> str:
    """Return a time as a field for a date and a time has it, without seconds."""
    return "" if at is None else f"{at.astimezone(reader().zone):%Y-%m-%dT%H:%M}"


def kept_moment(form: Mapping[str, str], name: str, stored: datetime | None) -> datetime | None:
    """Return `moment`, or the stored time, with its seconds, where nobody changed the field."""
    return stored if form.get(name, "") == field_moment(stored) else moment(form, name)


def _wrong(name: str, problem: str) -> Invalid:
    return Invalid(f"{name}: {problem}", {name: problem})
