"""The tokens and components of the console on one page, for those who build its pages."""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from playout.console.visit import Outcome, Shown, Visit

DARK = "@media (prefers-color-scheme: dark)"
TOKEN = re.compile(r"--([a-z-]+): (#[0-9a-f]+);")


class Token(NamedTuple):
    """A colour by its name, in both schemes."""

    name: str
    light: str
    dark: str


@cache
def tokens() -> tuple[Token, ...]:
    """Return the colours of the console, as its stylesheet has them."""
    return colours((files("playout.pages") / "static" / "console.css").read_text())


def colours(css: str) -> tuple[Token, ...]:
    """Return the colours that a stylesheet names in its first rules."""
    light, _, rest = css.partition(DARK)
    dark = dict(TOKEN.findall(rest.partition("}")[0]))
    return tuple(Token(name, value, dark.get(name, value)) for name, value in TOKEN.findall(light))


def index(visit: Visit) -> Outcome:
    """Show each component once. A form on it leads nowhere."""
    base_url = visit.runtime.settings.base_url
    return Shown("components.html", {"tokens": tokens(), "base_url": base_url})
