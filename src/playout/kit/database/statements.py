"""Statements that are requested often: compiled once, prepared, and answered with plain rows.

SQLAlchemy describes them, so that columns and conditions stand once. It takes no part when they
run: to build a query, to look it up and to make entities of its rows takes longer than PostgreSQL
needs for the answer.
"""

from collections import namedtuple
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from sqlalchemy import BindParameter, Select, bindparam
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import QueryableAttribute, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from playout.kit.database.engine import Model, driver_connection

Row = TypeVar("Row", bound=Model)

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


def parameter(name: str, type: Any = None) -> BindParameter[Any]:
    """Return a parameter of a statement, whose value comes with each request."""
    return bindparam(name, type_=type, required=False)


class Statement:
    """A query with named parameters. `prepare` is False where the values decide about the plan."""

    def __init__(self, query: Select[*tuple[Any, ...]], *, prepare: bool | None = None) -> None:
        compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self.sql = compiled.string
        self._constants = {
            name: value for name, value in compiled.params.items() if value is not None
        }
        self._prepare = prepare

    def fetch(self, session: Session, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run the statement in the transaction of a session. Return all rows."""
        with driver_connection(session).cursor() as cursor:
            return self._run(cursor, values).fetchall()

    def _run(
        self, cursor: psycopg.Cursor[tuple[Any, ...]], values: Mapping[str, Any]
    ) -> psycopg.Cursor[tuple[Any, ...]]:
        return cursor.execute(self.sql, {**self._constants, **values}, prepare=self._prepare)


BoundStatement = tuple[Statement, Mapping[str, Any]]
"""A statement and the values of its parameters."""


def fetch_together(
    session: Session, statements: Sequence[BoundStatement]
) -> list[list[tuple[Any, ...]]]:
    """Run statements one after the other, in one round trip. Return the rows of each.

    One that waits for a lock comes first: those after it see what was committed meanwhile.
    """
    connection = driver_connection(session)
    with connection.pipeline():
        cursors = [each._run(connection.cursor(), values) for each, values in statements]
    return [cursor.fetchall() for cursor in cursors]


@contextmanager
def time_limit(session: Session, seconds: int) -> Iterator[None]:
    """Cancel every statement of a session that reads after so many seconds, in this block only."""
    connection = driver_connection(session)
    # The setting ends with a transaction, and a session that reads has none.
    with connection.transaction():
        connection.execute("SELECT set_config('statement_timeout', %s, true)", [f"{seconds}s"])
        yield


def copy_rows(session: Session, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Write rows by a `COPY … FROM STDIN`."""
    with driver_connection(session).cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


class PlainRow:
    """Some columns of a table, and how their values become an object that is read as an entity is.

    The object has the columns and the properties of the model, and belongs to no session.
    """

    def __init__(self, model: type[Row], names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.width = len(self.names)
        make_class: Any = namedtuple
        row: Any = make_class(f"{model.__name__}Row", self.names)
        members: dict[str, Any] = {
            name: value
            for kind in reversed(model.__mro__)
            for name, value in vars(kind).items()
            if isinstance(value, property)
        }
        members |= {"__slots__": (), "__mapper__": model.__mapper__}
        self._model: Any = model
        made: Any = type(row.__name__, (row,), members)
        self._make = made._make
        self._enums = [
            (number, {member.value: member for member in enum})
            for number, name in enumerate(self.names)
            if (enum := getattr(getattr(model, name).type, "enum_class", None)) is not None
        ]

    def columns(self, entity: type[Row]) -> list[QueryableAttribute[Any]]:
        """Return the columns of the model, or of an alias of it, for a query."""
        return [getattr(entity, name) for name in self.names]

    def make(self, values: Sequence[Any]) -> Any:
        """Return the object with these values, in the order of the columns."""
        return self._make(self._converted(values))

    def entity(self, session: Session, values: Sequence[Any]) -> Any:
        """Return the entity of the session with these values, as if the session had loaded it.

        One that the session has already gets these values.
        """
        entity, named = self._model(), dict(zip(self.names, self._converted(values), strict=True))
        vars(entity).update(named)
        make_transient_to_detached(entity)
        known = session.identity_map.get(identity_key(instance=entity))
        if known is not None:
            for name, value in named.items():
                set_committed_value(known, name, value)
            return known
        session.add(entity)
        return entity

    def _converted(self, values: Sequence[Any]) -> Sequence[Any]:
        if not self._enums:
            return values
        converted = list(values)
        for number, members in self._enums:
            converted[number] = members.get(converted[number])
        return converted
