"""The database: its engine, the base class of all models, and transactions."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from psycopg.generators import send
from sqlalchemy import BigInteger, DateTime, Enum, MetaData, Text, Uuid, create_engine, event, exc
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from playout.kit.database.connections import answers_within, connection_arguments
from playout.kit.errors import Unavailable

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


LIMITS = {
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    # A transaction that stays open delays all readers of the ledger. PostgreSQL 17 and later.
    "transaction_timeout": "120s",
}
SET_LIMITS = (
    "SELECT set_config(name, value, false) FROM pg_settings"
    " JOIN jsonb_each_text(%s::jsonb) AS limits (name, value) USING (name)"
)
POOL_SECONDS = 5.0
"""Seconds that a request waits for a connection of the pool."""
IDLE_SECONDS = 1.0
"""A pooled connection that was unused for longer is tested before it is used again."""
TEST_SECONDS = 1.0
"""Seconds within which a connection that is tested answers."""


class Model(DeclarativeBase):
    """The base class of all models."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger,
        str: Text,
        UUID: Uuid,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=True,
            length=32,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


class Database:
    """A PostgreSQL database and a pool of connections to it.

    `url` begins with `postgresql://`: psycopg accepts it as it is. `pool` is the largest number of
    connections. `direct_url` leads to the same database past a pooler, if there is one: for what
    listens to notifications.
    """

    def __init__(self, url: str, pool: int, direct_url: str | None = None) -> None:
        self.url = url
        self.direct_url = direct_url or url
        self.engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_size=pool,
            max_overflow=0,
            pool_timeout=POOL_SECONDS,
            connect_args=connection_arguments(url)
            # Statements that one connection prepares are unknown to the next one of a pooler.
            | ({} if direct_url is None else {"prepare_threshold": None}),
        )
        event.listen(self.engine, "connect", _set_limits)
        event.listen(self.engine, "checkin", _remember_use)
        event.listen(self.engine, "checkout", _test_if_idle)
        self._write = sessionmaker(self.engine, expire_on_commit=False)
        self._read = sessionmaker(
            self.engine.execution_options(postgresql_readonly=True), expire_on_commit=False
        )

    @contextmanager
    def read_session(self) -> Iterator[Session]:
        """Open a session in a read-only transaction.

        Raises `Unavailable` when the database does not answer.
        """
        with _database_errors(), self._read() as session:
            yield session

    @contextmanager
    def write_session(self) -> Iterator[Session]:
        """Open a session in one transaction: committed at the end, rolled back on an error.

        Raises `Unavailable` when the database does not answer.
        """
        with _database_errors(), self._write.begin() as session:
            yield session

    @property
    def connections(self) -> tuple[int, int]:
        """The number of pooled connections in use, and the largest number there may be."""
        pool = self.engine.pool
        assert isinstance(pool, QueuePool)  # noqa: S101  for the type checker
        return pool.checkedout(), pool.size()

    def close(self) -> None:
        """Close every connection of the pool."""
        self.engine.dispose()


@contextmanager
def pipelined_commit(session: Session) -> Iterator[None]:
    """Commit at the end of the block, in one round trip with the statements of the block.

    The block cannot read the results of its statements, and their errors are raised at its end.
    """
    session.flush()
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)  # noqa: S101  for the type checker
    with connection.pipeline():
        yield
        # psycopg would wait for results while a part of a large statement is not sent yet, and the
        # database for that part: for ever, with every lock of the transaction.
        connection.wait(send(connection.pgconn))
        # Not `session.commit()`: it returns the connection to the pool before the pipeline ends.
        connection.commit()
    session.commit()


def _set_limits(connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ARG001
    """Limit the time of statements and transactions.

    Not with startup parameters (`options`): PgBouncer refuses them.
    """
    connection.execute(SET_LIMITS, [json.dumps(LIMITS)])
    connection.commit()


def _remember_use(connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ARG001
    record.info["used_at"] = time.monotonic()


def _test_if_idle(connection: Any, record: ConnectionPoolEntry, proxy: Any) -> None:  # noqa: ARG001
    """Test a connection that was idle. One that is used often fails by itself when it is lost.

    On `DisconnectionError` the pool replaces the connection.
    """
    if time.monotonic() - record.info.get("used_at", 0) < IDLE_SECONDS:
        return
    if not answers_within(connection, "SELECT 1", TEST_SECONDS):
        raise exc.DisconnectionError


@contextmanager
def _database_errors() -> Iterator[None]:
    try:
        yield
    except (exc.OperationalError, psycopg.OperationalError, exc.TimeoutError) as error:
        raise Unavailable("The database does not answer at the moment; try again.") from error
