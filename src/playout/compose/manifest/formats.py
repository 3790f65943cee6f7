"""Values as a language writes them (CLDR)."""

import datetime

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from playout.compose.manifest.fields import (
    CurrencyField,
    DataField,
    DateField,
    NumberField,
    Value,
)

_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"


def written(field: DataField, value: Value | None, language: str) -> str:
    """Return a value as the language writes it; "" for one that is missing.

    It is isolated (UAX #9): an Arabic name does not turn the words around it, nor they the name.
    """
    text = _written(field, value, Locale.parse(language, sep="-"))
    return f"{_ISOLATE}{text}{_END_OF_ISOLATE}" if text else ""


def _written(field: DataField, value: Value | None, locale: Locale) -> str:
    if isinstance(value, datetime.date) and isinstance(field, DateField):
        return format_date(value, field.format, locale)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(field, value, locale)
    return "" if value is None else str(value)


def _number(field: DataField, value: float, locale: Locale) -> str:
    if isinstance(field, CurrencyField):
        return _amount(field, value, locale)
    decimals = field.decimals if isinstance(field, NumberField) else None
    places = "." + ("###" if decimals is None else "0" * decimals) if decimals != 0 else ""
    if isinstance(field, NumberField) and field.percent:
        pattern = locale.percent_formats[None].pattern
        return format_percent(value, _with_places(pattern, places), locale)
    pattern = locale.decimal_formats[None].pattern
    return format_decimal(value, _with_places(pattern, places), locale)


def _with_places(pattern: str, places: str) -> str:
    """Return a CLDR pattern such as `#,##0.###` with other decimals."""
    whole, _, rest = pattern.partition(".")
    if rest:
        return whole + places + rest.lstrip("#0")
    last = pattern.rindex("0") + 1
    return pattern[:last] + places + pattern[last:]


def _amount(field: CurrencyField, value: float, locale: Locale) -> str:
    if field.decimals:
        return format_currency(value, field.currency, locale=locale)
    pattern = _with_places(locale.currency_formats["standard"].pattern, "")
    return format_currency(value, field.currency, pattern, locale, currency_digits=False)
