"""Prints the table of settings, out of the settings themselves: `python -m docs.settings`."""

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from playout.settings import Settings


def table() -> str:
    """`docs/settings.md`."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
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


def _row(name: str, field: FieldInfo) -> str:
    description = " ".join((field.description or "").split())
    unset = field.default in (None, PydanticUndefined, ())
    default = "" if unset else f"`{variable(field.default)}`"
    return f"| `PLAYOUT_{name.upper()}` | {default} | {description} |"


if __name__ == "__main__":
    print(table(), end="")
