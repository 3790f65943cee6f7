"""Numbers of the whole installation, for monitoring."""

import psycopg
import pytest
from sqlalchemy import text

from playout.core import stats

TIMEOUT = text("SHOW statement_timeout")


class TestTime:
    def test_a_query_that_waits_is_cancelled_before_it_gives_up(self, runtime):
        url = runtime.database.url
        with psycopg.connect(url) as other, runtime.database.read_session() as session:
            other.execute("LOCK TABLE webhook_deliveries")
            with pytest.raises(Exception, match="due to statement timeout"):
                stats.deliveries(session)

    def test_other_queries_of_the_connection_keep_their_time(self, runtime):
        with runtime.database.read_session() as session:
            before = session.scalar(TIMEOUT)
            stats.queues(session)
            assert session.scalar(TIMEOUT) == before
