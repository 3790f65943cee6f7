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
from playout.main import running
from playout.settings import Settings
from playout.web import application

Statement = tuple[Any, Any]
"""Query and parameters, as psycopg was given them; `COMMIT` where the transaction ended."""
COMMIT: Statement = (None, None)
Request = tuple[str, str, Any]
"""Method, path and JSON body, None for none."""


def record(settings: Settings, key: str, requests: list[Request]) -> list[list[Statement]]:
    """Send each request; return the statements of each."""
    told: list[Statement] = []

    class Recording(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **how: Any) -> "Recording":
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
    headers = {"Authorization": f"Bearer {key}"}
    log.configure(settings.log_format, settings.log_level)
    with running(settings) as runtime, TestClient(application(runtime)) as client:
        runtime.credentials.close()  # its thread would speak in between
        engine = runtime.database.engine
        engine.dispose()
        event.listen(engine, "connect", lambda connection, _: rehearse(connection))
        method, path, body = requests[0]
        client.request(method, path, headers=headers, json=body)  # from here on the key is known
        for method, path, body in requests:
            told.clear()
            answer = client.request(method, path, headers=headers, json=body)
            assert answer.status_code == 200, answer.text
            assert told.count(COMMIT) == (method != "GET"), told
            scripts.append(list(told))
    return scripts
