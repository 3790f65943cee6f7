"""The first contact with the database: it is reached, and its schema is brought up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import exc

from playout.kit.database.engine import Database
from playout.kit.database.migrate import check_revision, migrate
from playout.kit.errors import Conflict, Invalid, Unavailable


def open_database(url: str, pool: int, direct_url: str | None = None) -> Database:
    """Return a database whose URL is well-formed. Nothing is connected yet.

    Raises `Invalid`. The error does not repeat the URL, which may contain a password.
    """
    try:
        return Database(url, pool, direct_url)
    except (exc.ArgumentError, ValueError) as error:
        raise Invalid(
            "PLAYOUT_DATABASE_URL is not the address of a PostgreSQL database: write"
            " postgresql://user:password@host/name, with special characters percent-encoded."
        ) from error


def prepare_schema(database: Database, scripts: Path, *, migrating: bool) -> None:
    """Bring the schema to the newest revision, or only check that it is there already.

    Raises `Unavailable` with PostgreSQL's own reason if the database cannot be used, and `Conflict`
    if its schema is not the one of this version.
    """
    with _reasons():
        if migrating:
            migrate(database, scripts)
        else:
            check_revision(database, scripts)


@contextmanager
def _reasons() -> Iterator[None]:
    try:
        yield
    except exc.OperationalError as error:
        raise Unavailable(
            f"The database cannot be reached ({_reason(error)}):"
            " check PLAYOUT_DATABASE_URL, and that PostgreSQL runs there."
        ) from error
    except exc.DBAPIError as error:
        raise Conflict(
            f"The database cannot be prepared ({_reason(error)}):"
            " the user of PLAYOUT_DATABASE_URL needs to own the database."
        ) from error


def _reason(error: exc.DBAPIError) -> str:
    return " ".join(str(error.orig).split()).rstrip(".")
