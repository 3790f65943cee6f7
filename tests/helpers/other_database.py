"""A Playout on a database of its own, in the PostgreSQL of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import make_conninfo

from playout.main import running
from playout.runtime import Runtime


@contextmanager
def other_runtime(runtime: Runtime, name: str) -> Iterator[Runtime]:
    """Create a database beside that of a runtime, and run Playout on it; drop it at the end."""
    with psycopg.connect(runtime.database.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    settings = runtime.settings.model_copy(
        update={"database_url": _url(runtime.database.url, name)}
    )
    with running(settings) as here:
        yield here
    with psycopg.connect(runtime.database.url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _url(url: str, name: str) -> str:
    parts = psycopg.conninfo.conninfo_to_dict(url)
    with psycopg.connect(make_conninfo(**parts | {"dbname": name})) as connection:
        info = connection.info
        return f"postgresql://{info.user}@/{name}?host={info.host}"
