"""The texts of pages in the languages that viewers read, and dates as they write them.

A text is its own key, in English. `locales/<language>.po` has its translations.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.pofile import read_po

from playout.kit.language_tags import canonical_tag, is_language_tag

WEIGHT = re.compile(r"[01](?:\.[0-9]{0,3})?", re.ASCII)
LANGUAGES = ("en", "es", "pt", "fr", "de", "ar", "ja")
"""The languages of the pages. The first is that of the keys."""


@dataclass(frozen=True, slots=True)
class Messages:
    """The texts of pages in one language."""

    tag: str
    """A BCP 47 tag, for `lang`: that of the page where its language is known, else English."""
    locale: Locale
    translations: dict[str, str]

    @property
    def direction(self) -> str:
        """Return the direction of the text: `ltr` or `rtl`."""
        return str(self.locale.text_direction)

    def text(self, key: str) -> str:
        """Return the text in this language."""
        return self.translations.get(key, key)

    def date(self, moment: datetime) -> str:
        """Return the day in UTC as it is written in this language."""
        return str(format_date(moment.astimezone(UTC).date(), "long", locale=self.locale))


@lru_cache(maxsize=256)
def messages(tag: str | None) -> Messages:
    """Return the texts for a BCP 47 tag such as `es-CL`; English ones for any other language."""
    known = canonical_tag(tag) if tag and is_language_tag(tag) else LANGUAGES[0]
    language = known.partition("-")[0]
    if language not in LANGUAGES:
        known = language = LANGUAGES[0]
    return Messages(known, _locale(known, language), _translations(language))


def preferred_language(accepted: str, languages: Sequence[str] = LANGUAGES) -> str:
    """Return which of the languages a client prefers, by its `Accept-Language`.

    It is the first if the client names none of them.
    """
    best, best_quality = languages[0], 0.0
    for each in accepted.split(","):
        tag, _, parameter = each.partition(";")
        language = tag.strip().lower().partition("-")[0]
        quality = _quality(parameter)
        if language in languages and quality > best_quality:
            best, best_quality = language, quality
    return best


def _quality(parameter: str) -> float:
    """Return the weight of a language (RFC 9110, 12.4.2); 0 if it cannot be read."""
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    is_weight = name.strip().lower() == "q" and WEIGHT.fullmatch(value.strip())
    return float(value) if is_weight else 0.0


def _locale(tag: str, language: str) -> Locale:
    """Return the locale of the tag, or of its language if nobody knows that region."""
    try:
        return Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse(language)


@cache
def _translations(language: str) -> dict[str, str]:
    file = files(__package__) / "locales" / f"{language}.po"
    if language == LANGUAGES[0]:
        return {}
    with file.open("rb") as opened:
        catalog = read_po(opened, locale=language)
    return {str(each.id): str(each.string) for each in catalog if each.id and each.string}
