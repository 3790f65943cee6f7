"""A command imports what it needs, and nothing that it does not need."""

import subprocess
import sys

import pytest
import typer

from playout.cli.app import app
from playout.cli.commands import COMMANDS, load

HEAVY = (
    "alembic",
    "fastapi",
    "jinja2",
    "opentelemetry",
    "playout.api",
    "playout.console",
    "playout.core",
    "playout.main",
    "playout.pages",
    "playout.runtime",
    "procrastinate",
    "psycopg",
    "pydantic_settings",
    "sqlalchemy",
    "starlette",
    "uvicorn",
)
"""What only an installation needs: the server, the database, the jobs, the templates of pages."""
CODE = """
import sys
from playout.__main__ import main

sys.argv = ["playout", *sys.argv[1:]]
try:
    main()
except SystemExit:
    pass
print("imported:", *sorted(sys.modules))
"""
NOBODY = ("--url", "http://127.0.0.1:9", "--key", "po_key")


def imported(*arguments: str) -> set[str]:
    """The modules of a process that ran a command."""
    told = subprocess.run(
        [sys.executable, "-c", CODE, *arguments], capture_output=True, text=True, check=True
    )
    last = told.stdout.splitlines()[-1]
    return set(last.removeprefix("imported: ").split())


class TestImports:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("--help",),
            ("videos", "list", *NOBODY),
            ("videos", "delete", "7", *NOBODY),
            ("publish", __file__, *NOBODY),
            ("analytics", "7", *NOBODY),
        ],
        ids=lambda arguments: " ".join(arguments[:2]),
    )
    def test_a_command_that_asks_a_server_imports_none(self, arguments: tuple[str, ...]):
        assert not imported(*arguments).intersection(HEAVY)

    def test_one_that_works_on_an_installation_imports_no_server(self):
        found = imported("keys", "list", "--data-dir", "/dev/null/nothing")
        assert "playout.main" in found
        assert not found.intersection({"playout.web", "fastapi", "playout.pages"})


class TestList:
    @pytest.mark.parametrize("name", COMMANDS)
    def test_says_what_the_command_says_of_itself(self, name: str):
        own = " ".join(load(name).help.split())
        assert own.startswith(COMMANDS[name].summary)

    def test_it_has_every_command(self):
        assert list(typer.main.get_command(app).commands) == list(COMMANDS)  # type: ignore[attr-defined]
