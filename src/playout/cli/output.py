"""The output of commands: a sentence or a table for people, JSON for scripts."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from playout.kit.errors import PlayoutError

Row = Mapping[str, Any]
errors = Console(stderr=True)
"""Standard error, for sentences to people."""


def print_result(result: Row, as_json: bool, sentence: str) -> None:
    """Print what a command did, as JSON or as a sentence."""
    typer.echo(json.dumps(result) if as_json else sentence)


def print_error(error: PlayoutError, as_json: bool) -> None:
    """Print an error on standard error, as JSON or as a sentence."""
    if as_json:
        print_json_error(error.code, error.message)
        return
    errors.print(f"[red]Error:[/] {escape(error.message)}", highlight=False, soft_wrap=True)


def print_json_error(code: str, message: str) -> None:
    """Print an error on standard error as JSON: standard output has results alone."""
    typer.echo(json.dumps({"error": {"code": code, "message": message}}), err=True)


def print_rows(
    name: str, rows: Sequence[Row], as_json: bool, headings: Sequence[str] | None = None
) -> None:
    """Print a list, as JSON (`{name: rows}`) or as a table.

    The headings of the table are the names of the columns, unless `headings` are given.
    """
    if as_json:
        typer.echo(json.dumps({name: rows}))
        return
    table = Table(*(headings or (rows[0] if rows else [f"no {name}"])))
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    Console().print(table)


def iso_time(moment: datetime | None) -> str | None:
    """Return a moment in ISO 8601, in whole seconds."""
    return moment.isoformat(timespec="seconds") if moment else None


def _cell(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
