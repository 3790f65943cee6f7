"""The list of commands. The module of a command is imported when somebody calls it.

Otherwise `playout videos list`, which only talks to a server, would wait for the server, the
database and all of their libraries to be imported, too.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from playout.kit.malloc import importing


@dataclass(frozen=True, slots=True)
class Listed:
    """A command, or a group of commands, in a module of `playout.cli`.

    `summary` begins its own help, too.
    """

    module: str
    name: str
    summary: str
    hidden: bool = False


COMMANDS = {
    "publish": Listed(
        "publish",
        "publish",
        "Upload videos, wait until they play, publish them, and print their public links.",
    ),
    "analytics": Listed("analytics", "analytics", "Show what viewers did with a video."),
    "reencrypt": Listed(
        "reencrypt",
        "reencrypt",
        "Encrypt all secrets and data of viewers again, with the first of PLAYOUT_ENCRYPTION_KEYS.",
    ),
    "serve": Listed("serving", "serve", "Answer requests and run jobs."),
    "serve-process": Listed(
        "serving",
        "serve_process",
        "Answer requests as one of the processes of `playout serve`, which starts this command.",
        hidden=True,
    ),
    "worker": Listed(
        "worker", "worker", "Run jobs only. Start any number of workers, on any machine."
    ),
    "doctor": Listed(
        "doctor", "doctor", "Check every part that Playout needs, and change nothing."
    ),
    "version": Listed("app", "version", "Print the version."),
    "organizations": Listed(
        "accounts", "organizations", "Organizations: the tenants of this installation."
    ),
    "sub-accounts": Listed(
        "accounts", "sub_accounts", "Sub-accounts: the customers of an organization."
    ),
    "users": Listed("accounts", "users", "Members of organizations, and their roles."),
    "keys": Listed("accounts", "keys", "API keys and user tokens."),
    "webhooks": Listed(
        "webhooks", "webhooks", "Webhooks: endpoints, and the events delivered to them."
    ),
    "videos": Listed("videos", "videos", "Videos of an organization."),
    "template": Listed("templates", "templates", "Film templates."),
}


def load(name: str) -> Any:
    """Import a command of the list."""
    listed = COMMANDS[name]
    with importing():
        module = import_module(f"playout.cli.{listed.module}")
    found = getattr(module, listed.name)
    if isinstance(found, typer.Typer):
        return get_group(found)
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    return get_command(alone)


class Commands(TyperGroup):
    """The commands of the list: lines of the help, until one of them is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command that is called, imported."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name in COMMANDS else command, rest


def add_commands(app: typer.Typer) -> None:
    """Let the help of an application, whose class is `Commands`, list them all."""
    for name, listed in COMMANDS.items():
        app.command(name, help=listed.summary, hidden=listed.hidden)(_line)


def _line() -> None:
    """Stand for a command in the list."""
