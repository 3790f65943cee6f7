"""Deeds: changes of many videos at once, and the text by which they are undone.

A page shows it once, with a button that sends it back. It names what anybody with the same rights
could send, so it needs no signature.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playout.console.texts import counted
from playout.kit.errors import Invalid

MOST_CHARACTERS = 3_500
"""Characters of a deed in a cookie, which browsers keep up to 4,096."""
SENTENCES: Mapping[str, Callable[[int], str]] = {
    "publish": lambda n: counted("{count} video published.", "{count} videos published.", n),
    "unpublish": lambda n: counted("{count} video unpublished.", "{count} videos unpublished.", n),
    "tag": lambda n: counted("{count} video tagged.", "{count} videos tagged.", n),
    "untag": lambda n: counted(
        "{count} video without the tag.", "{count} videos without the tag.", n
    ),
    "move": lambda n: counted("{count} video moved.", "{count} videos moved.", n),
    "delete": lambda n: counted("{count} video deleted.", "{count} videos deleted.", n),
}
INVERSE = {
    "publish": "unpublish",
    "unpublish": "publish",
    "tag": "untag",
    "untag": "tag",
    "delete": "restore",
}
_ITEM = r"\d{1,18}=[\d.]{0,400}"
# There is one way to read a text: with several, one that nearly fits takes for ever.
_DEED = re.compile(rf"([a-z]+):((?:{_ITEM}(?:,{_ITEM}){{0,499}})?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb, and the videos that it changed, each with what is needed to undo that."""

    verb: str
    values: Mapping[int, str]

    @property
    def sentence(self) -> str:
        """Return what was done: `3 videos published.`"""
        return SENTENCES[self.verb](len(self.values))

    @property
    def is_undoable(self) -> bool:
        return bool(self.values)

    def pack(self) -> str:
        """Return the deed as text for a cookie or a field; "" if it is too long for that."""
        items = ",".join(f"{id}={value}" for id, value in self.values.items())
        packed = urlsafe_b64encode(f"{self.verb}:{items}".encode()).decode().rstrip("=")
        return packed if len(packed) <= MOST_CHARACTERS else ""


def unpack(text: str) -> Deed:
    """Return a deed that `pack` packed. Raise `Invalid` for any other text."""
    try:
        plain = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        plain = ""
    match = _DEED.fullmatch(plain)
    if match is None or match[1] not in SENTENCES:
        raise Invalid("There is nothing to undo.")
    items = (each.partition("=") for each in match[2].split(",") if each)
    return Deed(match[1], {int(id): value for id, _, value in items})
