"""The schema of the database: run the migrations that are missing, or write a new one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from playout.kit.database.engine import Database
from playout.kit.errors import Conflict

if TYPE_CHECKING:
    from alembic.config import Config

LOCK = text("SELECT pg_advisory_xact_lock(4711)")
HAS_VERSION = text("SELECT to_regclass('alembic_version') IS NOT NULL")
VERSION = text("SELECT version_num FROM alembic_version")
NO_LIMITS = text(
    "SELECT set_config(name, '0', true) FROM pg_settings"
    " WHERE name IN ('statement_timeout', 'transaction_timeout')"
)


def migrate(database: Database, scripts: Path) -> None:
    """Bring the database to the newest revision in `scripts`, in one transaction.

    When several processes start together, one of them migrates and the others wait for it. Raises
    `Conflict` if the schema is newer than the scripts.
    """
    revision, newest = _revision_of(database), newest_revision(scripts)
    if revision == newest:
        return
    if revision is not None and revision > newest:
        raise _newer(revision, newest)
    # Alembic takes as long to import as the rest of a start, and is rarely needed.
    from alembic import command  # noqa: PLC0415

    with database.engine.begin() as connection:
        connection.execute(LOCK)
        connection.execute(NO_LIMITS)
        command.upgrade(alembic_config(scripts, connection), "head")


def check_revision(database: Database, scripts: Path) -> None:
    """Raise `Conflict` unless the database is at the newest revision in `scripts`."""
    revision, newest = _revision_of(database), newest_revision(scripts)
    if revision == newest:
        return
    if revision is not None and revision > newest:
        raise _newer(revision, newest)
    found = f"is at revision {revision}" if revision else "is empty"
    raise Conflict(
        f"The schema of the database {found}, and this version of Playout needs {newest}:"
        " start `playout serve` or `playout worker` once, which migrates it."
    )


def write_revision(database: Database, scripts: Path, title: str) -> None:
    """Write a revision that brings a migrated database to the models.

    Revisions are numbered: the one after 0013 is 0014.
    """
    from alembic import command  # noqa: PLC0415

    number = f"{int(newest_revision(scripts)) + 1:04}"
    with database.engine.connect() as connection:
        config = alembic_config(scripts, connection)
        command.revision(config, title, autogenerate=True, rev_id=number)


def alembic_config(scripts: Path, connection: Connection) -> Config:
    """Return the configuration of Alembic for the scripts in a folder, on a connection."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    return config


def newest_revision(scripts: Path) -> str:
    """Return the newest revision: files of revisions begin with their number."""
    return max(path.name.partition("_")[0] for path in (scripts / "versions").glob("[0-9]*.py"))


def _newer(revision: str, newest: str) -> Conflict:
    return Conflict(
        f"The schema of the database is at revision {revision}, and this version of Playout knows"
        f" {newest} at the most: a newer version has migrated it. Upgrade Playout on this machine."
    )


def _revision_of(database: Database) -> str | None:
    """Return the revision that the database is at; None for an empty database."""
    with database.engine.connect() as connection:
        return connection.scalar(VERSION) if connection.scalar(HAS_VERSION) else None
