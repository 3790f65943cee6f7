"""The forms of a text: the one that is stored, and those by which texts are compared."""

import unicodedata
from collections.abc import Iterable

MAX_MARKS = 30
ENDLESS = b"\1" * (MAX_MARKS + 1)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""The first characters of what a spreadsheet takes for a formula."""


def normalize(text: str) -> str:
    """Return the form in which texts are stored (NFC).

    Everything that people write is stored in it. Addresses, free JSON and files stay as sent.
    """
    return unicodedata.normalize("NFC", text)


def has_endless_accents(text: str) -> bool:
    """Return whether more marks follow a letter than any script needs (UAX #15, stream-safe text).

    Normal forms sort the marks of a letter, in time that grows with the square of their number.
    """
    if text.isascii():
        return False
    return ENDLESS in bytes(each[0] == "M" for each in map(unicodedata.category, text))


def tag_form(name: str) -> str:
    """Return the form that all spellings of a tag share.

    Case, the width of characters and the number of spaces make no difference. Accents do.
    """
    # Folding may yield characters that are not composed, and NFKC characters that have a case.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(folded.casefold().split())


def first_spellings(names: Iterable[str]) -> list[str]:
    """Return tags in their order, each once, in the spelling that comes first."""
    spellings: dict[str, str] = {}
    for name in names:
        spellings.setdefault(tag_form(name), name)
    return list(spellings.values())


def spreadsheet_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, as others write it into a file."""
    return f"'{text}" if text.startswith(FORMULA) else text
