"""Prints the table of settings, out of the settings themselves: `python -m docs.settings`."""

import ast
import inspect
from itertools import pairwise

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from playout.settings import Settings


def table() -> str:
    """`docs/settings.md`."""
    texts = _docstrings()
    rows = [_row(name, field, texts[name]) for name, field in Settings.model_fields.items()]
    return "\n".join(
        [
            "# Settings",
            "",
            "Playout reads these environment variables at its start. Made by `make docs`.",
            "",
            "| variable | default | |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


def variable(default: object) -> str:
    """The text of an environment variable that sets this value."""
    items = default if isinstance(default, tuple) else (default,)
    return ",".join(str(each) for each in items)


def _docstrings() -> dict[str, str]:
    """The text below each setting. Read here: a server would parse them at each start."""
    body = ast.parse(inspect.getsource(Settings)).body[0].body  # type: ignore[attr-defined]
    return {
        setting.target.id: text.value.value
        for setting, text in pairwise(body)
        if isinstance(setting, ast.AnnAssign) and isinstance(text, ast.Expr)
    }


def _row(name: str, field: FieldInfo, text: str) -> str:
    description = " ".join(text.split())
    unset = field.default in (None, PydanticUndefined, ())
    default = "" if unset else f"`{variable(field.default)}`"
    return f"| `PLAYOUT_{name.upper()}` | {default} | {description} |"


if __name__ == "__main__":
    print(table(), end="")
