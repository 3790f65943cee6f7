"""The texts of the console in the languages of its readers.

A text is its own key, in English. `locales/<language>.po` has its translations, and `make texts`
brings it up to date. `locales/en.po` has the names of core that people know by others, such as
those of roles.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from playout.console.reader import reader

Forms = tuple[str, ...]
"""The forms of a text: one, or those for one thing and for many."""
PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")
VALUE = re.compile(r"{\w+}")
SCRIPTS, CODE = ".js", ".py"
"""The ends of the names of files that say a text."""
LONGEST = 1_000
"""Characters of a sentence that is looked up. A value in it may be what somebody sent, and the time
grows with the square of the length: a whole process would stand still."""


class Message(NamedTuple):
    """A text with its translation, and the files that say it."""

    key: str
    forms: Forms
    files: frozenset[str]

    def is_said_by(self, kind: str) -> bool:
        return any(name.endswith(kind) for name in self.files)


def translated(key: str, /, **values: Any) -> Markup:
    """Return a text in the reader's language, with values in it. They are escaped."""
    return _filled(_form(key, 0), values)


def counted(one: str, many: str, count: int, /, **values: Any) -> Markup:
    """Return the text for one thing, or the one for many; `{count}` in it is their number."""
    chosen = one if count == 1 else many
    form = _catalog(reader().language).get(one, (one, many))[0 if count == 1 else -1]
    number = format_decimal(count, locale=reader().locale)
    return _filled(form or chosen, {"count": number, **values})


def marked(key: str) -> str:
    """Return a text as it is. It is translated where it is shown; this makes it be collected."""
    return key


def sentence(written: str) -> str:
    """Return a sentence of core, which has its values in it already, in the reader's language.

    One that is unknown, or too long, stays as it is.
    """
    if len(written) > LONGEST:
        return written
    found = _known(written)
    if found is None:
        field, _, said = written.partition(": ")
        found = _known(said) if field.isidentifier() else None
    return written if found is None else found


def script_texts() -> Mapping[str, Forms]:
    """Return the texts of scripts in the reader's language; none for English."""
    return _script_texts(reader().language)


def _known(written: str) -> str | None:
    """Return a sentence in the reader's language; None for one that no translator has seen."""
    catalog = _catalog(reader().language)
    if written in catalog:
        return catalog[written][0]
    for pattern, form in _patterns(reader().language):
        if found := pattern.fullmatch(written):
            return form.format_map(
                {name: sentence(each) for name, each in found.groupdict().items()}
            )
    return None


def _form(key: str, index: int) -> str:
    return _catalog(reader().language).get(key, (key,))[index]


def _filled(form: str, values: Mapping[str, Any]) -> Markup:
    text = escape(form)
    return text.format(**values) if values else text


@cache
def _catalog(language: str) -> Mapping[str, Forms]:
    return {each.key: each.forms for each in _messages(language)}


@cache
def _script_texts(language: str) -> Mapping[str, Forms]:
    return {each.key: each.forms for each in _messages(language) if each.is_said_by(SCRIPTS)}


@cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Return what recognizes each sentence with values, and its translation.

    The one with the most words of its own is first: others may take its words for values.
    """
    found = [each for each in _messages(language) if "{" in each.key and each.is_said_by(CODE)]
    found.sort(key=lambda each: -len(VALUE.sub("", each.key)))
    return [(_pattern(each.key), each.forms[0]) for each in found]


def _pattern(key: str) -> re.Pattern[str]:
    seen: set[str] = set()

    def group(found: re.Match[str]) -> str:
        name = found[1]
        again = name in seen
        seen.add(name)
        return f"(?P={name})" if again else f"(?P<{name}>.+?)"

    return re.compile(PLACEHOLDER.sub(group, re.escape(key)), re.DOTALL)


@cache
def _messages(language: str) -> list[Message]:
    """Return the texts of a language."""
    with (files(__package__) / "locales" / f"{language}.po").open("rb") as opened:
        catalog = read_po(opened, locale=language)
    return [
        Message(
            each.id if isinstance(each.id, str) else each.id[0],
            (each.string,) if isinstance(each.string, str) else tuple(each.string),
            frozenset(name for name, _ in each.locations),
        )
        for each in catalog
        if each.id and each.string and all(each.string)
    ]
