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
from sqlalchemy.orm import DeclarativeBase, Session, object_mapper, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from playout.kit.database.connections import (
    answers_within,
    connection_arguments,
    is_closed,
)
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
"""Seconds for which an answer on any connection shows that the database answers. After that, a
pooled connection is tested before it is used again."""
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
            # The connection that was used last has its statements prepared and its memory warm.
            pool_use_lifo=True,
            connect_args=connection_arguments(url)
            # Statements that one connection prepares are unknown to the next one of a pooler.
            | ({} if direct_url is None else {"prepare_threshold": None}),
        )
        # Rows are locked before they are changed, so that the numbers of changed rows need not be
        # awaited. `pipelined_commit` relies on it.
        self.engine.dialect.supports_sane_rowcount = False
        self.engine.dialect.supports_sane_multi_rowcount = False
        event.listen(self.engine, "connect", _set_limits)
        event.listen(self.engine, "checkin", self._note_answer)
        event.listen(self.engine, "checkout", self._test)
        self._answered_at = float("-inf")
        self._write = sessionmaker(self.engine, expire_on_commit=False)
        self._read = sessionmaker(
            self.engine.execution_options(isolation_level="AUTOCOMMIT"),
            expire_on_commit=False,
            autoflush=False,
        )

    @contextmanager
    def read_session(self) -> Iterator[Session]:
        """Open a session that only reads: it never flushes, and each statement commits itself.

        So each of them is one round trip. Transactions here are READ COMMITTED, where every
        statement sees what is committed when it begins: a transaction around several would not
        make them see the same.

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

    def _note_answer(self, connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ARG002
        if connection is not None:  # None when it was lost
            self._answered_at = time.monotonic()

    def _test(self, connection: Any, record: ConnectionPoolEntry, proxy: Any) -> None:  # noqa: ARG002
        """Raise `DisconnectionError` for a connection that was lost. The pool then replaces it.

        One that was closed is noticed without asking anybody. Only when the database has not
        answered for a while does it cost a round trip, for then it may hang.
        """
        if is_closed(connection):
            raise exc.DisconnectionError
        if time.monotonic() - self._answered_at < IDLE_SECONDS:
            return
        if not answers_within(connection, "SELECT 1", TEST_SECONDS):
            raise exc.DisconnectionError
        self._answered_at = time.monotonic()


def driver_connection(session: Session) -> psycopg.Connection[tuple[Any, ...]]:
    """Return the connection of a session, for what SQLAlchemy has no words for."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)  # noqa: S101  for the type checker
    return connection


@contextmanager
def pipelined_commit(session: Session) -> Iterator[None]:
    """Write what has changed and commit, in one round trip with the statements of the block.

    The block cannot read the results of its statements, and their errors are raised at its end.
    """
    if any(map(_gets_values, session.new)):
        session.flush()
    connection = driver_connection(session)
    with connection.pipeline():
        session.flush()
        yield
        # psycopg would wait for results while a part of a large statement is not sent yet, and the
        # database for that part: for ever, with every lock of the transaction.
        connection.wait(send(connection.pgconn))
        # Not `session.commit()`: it returns the connection to the pool before the pipeline ends.
        connection.commit()
    session.commit()


def _gets_values(new: object) -> bool:
    """Return whether the database computes values of a new row, which its insertion waits for."""
    mapper = object_mapper(new)
    return any(
        column.server_default is not None
        and column.default is None
        and vars(new).get(mapper.get_property_by_column(column).key) is None
        for column in mapper.local_table.columns
    )


def _set_limits(connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ARG001
    """Limit the time of statements and transactions.

    Not with startup parameters (`options`): PgBouncer refuses them.
    """
    connection.execute(SET_LIMITS, [json.dumps(LIMITS)])
    connection.commit()


@contextmanager
def _database_errors() -> Iterator[None]:
    try:
        yield
    except (exc.OperationalError, psycopg.OperationalError, exc.TimeoutError) as error:
        raise Unavailable("The database does not answer at the moment; try again.") from error
