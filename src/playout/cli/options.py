"""Options and arguments that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from playout.kit.text import normalize


def nfc(text: str | None) -> str | None:
    """Return the form of a text in which it is stored: the callback of all that people write."""
    return None if text is None else normalize(text)


Text = Annotated[str, typer.Argument(callback=nfc)]
"""An argument that people write: a name or an address."""
DataDir = Annotated[
    Path | None,
    typer.Option(help="Data folder. Default: PLAYOUT_DATA_DIR, or else ./playout-data."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]
