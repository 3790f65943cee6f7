"""Holds commits in the database: at the one moment that a crash has to be tried in."""

import contextlib
from collections.abc import Iterator

import psycopg

from tests.helpers.live import Live, until

RELOAD = "SELECT pg_reload_conf()"
WAIT_FOR_NOBODY = "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"
WAIT_NO_MORE = "ALTER SYSTEM RESET synchronous_standby_names"
HELD = (
    "SELECT count(DISTINCT a.pid) FROM pg_stat_activity a JOIN pg_locks l USING (pid)"
    " WHERE l.locktype = 'advisory' AND a.wait_event = %s"
)
"""Transactions under an Idempotency-Key, which is an advisory lock, that wait for that."""

END_WAITING = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE wait_event = 'relation'"
)


@contextlib.contextmanager
def commits_unanswered(live: Live) -> Iterator[None]:
    """What commits is on the disk for good, but the server that asked for it is not told.

    PostgreSQL has written the commit and waits for a standby that there never will be, before it
    answers. It shows the work to others once it need not wait any longer.
    """
    with _administrator(live) as connection:
        connection.execute(WAIT_FOR_NOBODY)
        connection.execute(RELOAD)
        try:
            yield
        finally:
            connection.execute(WAIT_NO_MORE)
            connection.execute(RELOAD)


@contextlib.contextmanager
def answers_closed(live: Live) -> Iterator[None]:
    """Nothing comes as far as its commit, which follows the answer that is kept.

    The commit is sent together with the answer. So the connections that wait here end with the
    server, as they do when its machine dies: PostgreSQL would go on with what it was sent.
    """
    with _administrator(live) as connection, connection.transaction():
        connection.execute("LOCK TABLE kept_answers IN EXCLUSIVE MODE")
        yield
        connection.execute(END_WAITING)


def wait_for_commits(live: Live, count: int) -> None:
    """Wait until so many transactions have committed and nobody knows."""
    until(lambda: live.rows(HELD, "SyncRep") == [(count,)], 9, f"{count} commits")


def wait_for_answers(live: Live, count: int) -> None:
    """Wait until so many transactions would keep their answers."""
    until(lambda: live.rows(HELD, "relation") == [(count,)], 9, f"{count} on the way to commit")


def _administrator(live: Live) -> psycopg.Connection[tuple[object, ...]]:
    folder = str(live.data_dir / "postgres")
    return psycopg.connect(host=folder, user="postgres", dbname="postgres", autocommit=True)
