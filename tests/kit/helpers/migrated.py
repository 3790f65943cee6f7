"""Databases with rows of an earlier schema."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from secrets import token_hex

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url, text

from playout.kit.database.migrate import alembic_config
from playout.main import MIGRATIONS
from playout.runtime import Runtime


@contextmanager
def migrated_to(
    runtime: Runtime, revision: str, earlier_rows: Sequence[str] = (), options: str = ""
) -> Iterator[Connection]:
    """Yield a connection to a database that had rows when it was migrated to a revision.

    `earlier_rows` are the statements that insert them, `options` those of CREATE DATABASE.
    """
    name = f"migrated_{token_hex(6)}"
    url = make_url(runtime.database.engine.url)
    with runtime.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        admin.execute(text(f"CREATE DATABASE {name} {options}"))
    engine = create_engine(url.set(database=name))
    before = ScriptDirectory(str(MIGRATIONS)).get_revision(revision).down_revision
    try:
        with engine.begin() as connection:
            command.upgrade(alembic_config(MIGRATIONS, connection), before)
            for statement in earlier_rows:
                connection.exec_driver_sql(statement)
        with engine.begin() as connection:
            command.upgrade(alembic_config(MIGRATIONS, connection), revision)
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
