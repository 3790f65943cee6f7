"""Bringing the database to the newest schema, at the start of every process."""

from pathlib import Path

from sqlalchemy import text

from playout.kit.db import Database

LOCK = text("SELECT pg_advisory_xact_lock(4711)")
KNOWN = text("SELECT to_regclass('alembic_version') IS NOT NULL")
NO_LIMITS = text(
    "SELECT set_config(name, '0', true) FROM pg_settings"
    " WHERE name IN ('statement_timeout', 'transaction_timeout')"
)
VERSION = text("SELECT version_num FROM alembic_version")


def migrate(database: Database, scripts: Path) -> None:
    """Run what is missing, in one transaction; processes that start together wait for the first."""
    if _version(database) == _newest(scripts):
        return
    # It takes as long to import as the rest of a start, and is hardly ever needed.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    with database.engine.begin() as connection:
        connection.execute(LOCK)
        connection.execute(NO_LIMITS)
        config = Config()
        config.set_main_option("script_location", str(scripts))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(database: Database) -> str | None:
    """The revision that the database is at; None when it is empty."""
    with database.engine.connect() as connection:
        return connection.scalar(VERSION) if connection.scalar(KNOWN) else None


def _newest(scripts: Path) -> str:
    """The newest revision there is: scripts are named by theirs, in order."""
    return max(path.name.partition("_")[0] for path in (scripts / "versions").glob("[0-9]*.py"))
