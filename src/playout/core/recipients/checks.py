"""The check of a row against the template of the share."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NoReturn

from playout.compose.assets import is_picture
from playout.compose.manifest.data import check_data
from playout.compose.manifest.fields import BooleanField, CurrencyField, NumberField
from playout.compose.manifest.model import TemplateManifest
from playout.core.film_templates.model import FilmTemplate
from playout.core.recipients.model import REFERENCE_LENGTH, RowError
from playout.core.recipients.private import Private
from playout.core.recipients.rows import DATA, EXPIRES_AT, MOST_CHARACTERS, REFERENCE, Row
from playout.kit.errors import Invalid

_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}


class RowRefused(Exception):
    """A row that is not imported, with what is wrong in it."""

    def __init__(self, errors: list[RowError]) -> None:
        super().__init__("The row is refused.")
        self.errors = errors


class RowCheck:
    """The check of the rows of an import. `is_typed` is False if all values are texts."""

    def __init__(self, template: FilmTemplate, now: datetime, *, is_typed: bool) -> None:
        self._manifest = template.parsed()
        self._pictures = frozenset(filter(is_picture, (each["name"] for each in template.assets)))
        self._now, self._is_typed = now, is_typed

    def check_names(self, names: list[str]) -> None:
        """Raise `Invalid` for a column that is neither a field nor one that every file may have."""
        known = {*self._manifest.fields, REFERENCE, EXPIRES_AT}
        unknown = [number for number, name in enumerate(names, 1) if name not in known]
        if unknown:
            reason = f"The template has no field of the name of column {unknown[0]}."
            raise Invalid(reason, {f"column {number}": reason for number in unknown})

    def read(self, row: Row) -> tuple[Private, datetime | None]:
        """Return the personal part of a row, and when it expires. Raise `RowRefused`."""
        if row.problem or len(row.text) > MOST_CHARACTERS:
            self._refuse(row, "", row.problem or "The row is too long.")
        data = row.fields[DATA]
        if not self._is_typed:
            data = typed(self._manifest, data)
        try:
            check_data(self._manifest, data, self._pictures)
        except Invalid as error:
            wrong = error.details or {"": error.message}
            refused = [RowError(row.line, field, message) for field, message in wrong.items()]
            raise RowRefused(refused) from None
        return Private(data, self._reference(row)), self._expiry(row)

    def _reference(self, row: Row) -> str | None:
        given = row.fields.get(REFERENCE)
        if given is None:
            return None
        if not isinstance(given, str) or not _is_line(given):
            self._refuse(row, REFERENCE, "It must be a text without control characters.")
        if len(given) > REFERENCE_LENGTH:
            self._refuse(row, REFERENCE, f"It is longer than {REFERENCE_LENGTH} characters.")
        return unicodedata.normalize("NFC", given)

    def _expiry(self, row: Row) -> datetime | None:
        given = row.fields.get(EXPIRES_AT)
        if given is None:
            return None
        expiry = _moment(given)
        if expiry is None:
            self._refuse(row, EXPIRES_AT, "It must be like 2026-01-31 or 2026-01-31T12:00:00Z.")
        if expiry <= self._now:
            self._refuse(row, EXPIRES_AT, "It must be in the future.")
        return expiry

    def _refuse(self, row: Row, field: str, message: str) -> NoReturn:
        raise RowRefused([RowError(row.line, field, message)])


def typed(manifest: TemplateManifest, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of a row of texts. An empty one is left out."""
    data: dict[str, Any] = {}
    for name, text in texts.items():
        field = manifest.fields.get(name)
        if text == "":
            continue
        if isinstance(field, NumberField | CurrencyField) and _NUMBER.fullmatch(text.strip()):
            data[name] = float(text) if "." in text else int(text)
        elif isinstance(field, BooleanField):
            data[name] = _BOOLEANS.get(text.strip().lower(), text)
        else:
            data[name] = text
    return data


def _is_line(text: str) -> bool:
    return not any(unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} for each in text)


def _moment(given: object) -> datetime | None:
    """Return the time that a text names. A date means the end of that day (UTC)."""
    if not isinstance(given, str):
        return None
    try:
        if _DATE_TIME.fullmatch(given):
            return datetime.fromisoformat(given.upper()).astimezone(UTC)
        day = date.fromisoformat(given if len(given) == 10 else "")
        return datetime.combine(day, time(), UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
