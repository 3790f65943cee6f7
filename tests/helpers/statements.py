"""What is said to the database, word for word."""

from typing import Any, NamedTuple

import psycopg
from sqlalchemy import event


class Statement(NamedTuple):
    """A statement and its parameters."""

    text: str
    parameters: Any


class recorded_statements:
    """The statements that go to the database meanwhile, whoever sends them."""

    def __init__(self, runtime) -> None:
        self._engine = runtime.database.engine
        self._statements: list[Statement] = []

    def __enter__(self) -> list[Statement]:
        statements, recorder = self._statements, self

        class Recording(psycopg.Cursor[Any]):
            def execute(self, query: Any, params: Any = None, **how: Any) -> "Recording":
                if recorder._active:
                    statements.append(Statement(str(query), params))
                super().execute(query, params, **how)
                return self

        self._cursor, self._active = Recording, True
        event.listen(self._engine, "checkout", self._record)
        event.listen(self._engine, "checkin", self._forget)
        return statements

    def __exit__(self, *_: object) -> None:
        self._active = False
        event.remove(self._engine, "checkout", self._record)
        event.remove(self._engine, "checkin", self._forget)

    def _record(self, connection, record, proxy) -> None:
        connection.cursor_factory = self._cursor

    def _forget(self, connection, record) -> None:
        if connection is not None:
            connection.cursor_factory = psycopg.Cursor
