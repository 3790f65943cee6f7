"""The environment that Alembic runs in: all models, on the connection that it is given."""

from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from alembic import context

from playout import core
from playout.kit.database.engine import Model
from playout.kit.http import idempotency  # noqa: F401  so that its table is known

WITHOUT_MODEL = ("procrastinate_", "installation", "analytics_events_")
"""Prefixes of tables that no model describes."""


def import_models() -> None:
    """Import all modules of core: each table of theirs is in the metadata then."""
    for module in walk_packages(core.__path__, f"{core.__name__}."):
        import_module(module.name)


def has_model(_object: Any, name: str | None, type_: str, *_: Any) -> bool:
    """Return False for a table that no model describes: Alembic would drop it."""
    return type_ != "table" or not (name or "").startswith(WITHOUT_MODEL)


import_models()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    transaction_per_migration=False,
    compare_type=True,
    compare_server_default=True,
    include_object=has_model,
)
context.run_migrations()
