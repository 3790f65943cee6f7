"""What the tests of core share: counting statements, and waiting."""

import time
from collections.abc import Callable

from sqlalchemy import event


class counted_statements:
    """The statements that go to the database meanwhile, but for those that only see if it lives."""

    def __init__(self, runtime) -> None:
        self.engine = runtime.database.engine
        self.statements: list[str] = []

    def __enter__(self) -> list[str]:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self.statements

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, connection, cursor, statement, *_: object) -> None:
        self.statements.append(statement)


def until(condition: Callable[[], bool], patience: float = 10.0) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
