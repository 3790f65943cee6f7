"""What the server says to PostgreSQL when it publishes, word for word.

The application itself runs here, in this process, on the same database, but for its commits, which
are rolled back: each request is carried out whole and leaves nothing behind. So what is replayed
is what is issued, whatever the code comes to issue, and the same videos can be published by it.
"""

from typing import Any

import psycopg
from sqlalchemy import event
from starlette.testclient import TestClient

from playout.kit import log
from playout.kit.settings import Settings
from playout.main import application, running

Statement = tuple[Any, Any]
"""Query and parameters, as psycopg was given them; `COMMIT` where the transaction ended."""
COMMIT: Statement = (None, None)


def record(
    settings: Settings, path: str, headers: dict[str, str], bodies: list[Any]
) -> list[list[Statement]]:
    """POST each body; return the statements of each request."""
    told: list[Statement] = []

    class Recording(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **how: Any) -> "Recording":
            if not self.connection.autocommit:  # which the pool's look at a connection is
                told.append((query, params))
            super().execute(query, params, **how)
            return self

    def rehearse(connection: psycopg.Connection[Any]) -> None:
        """What would be committed is rolled back."""

        def commit() -> None:
            if connection.info.transaction_status:  # there is something to be committed
                told.append(COMMIT)
                connection.rollback()

        connection.cursor_factory, connection.commit = Recording, commit  # type: ignore

    scripts: list[list[Statement]] = []
    log.configure(settings)
    with running(settings) as runtime, TestClient(application(runtime)) as client:
        runtime.credentials.close()  # its thread would speak in between
        engine = runtime.database.engine
        engine.dispose()
        event.listen(engine, "connect", lambda connection, _: rehearse(connection))
        client.post(path, headers=headers, json=bodies[0])  # from here on the key is known
        for body in bodies:
            told.clear()
            answer = client.post(path, headers=headers, json=body)
            assert answer.status_code == 200, answer.text
            assert told.count(COMMIT) == 1, told
            scripts.append(list(told))
    return scripts
