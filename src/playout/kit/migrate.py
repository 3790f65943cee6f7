"""Bringing the database to the newest schema, at the start of every process."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from playout.kit.db import Database

LOCK = text("SELECT pg_advisory_xact_lock(4711)")


def migrate(database: Database, scripts: Path) -> None:
    """Run what is missing, in one transaction; processes that start together wait for the first."""
    with database.engine.begin() as connection:
        connection.execute(LOCK)
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        config = Config()
        config.set_main_option("script_location", str(scripts))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
