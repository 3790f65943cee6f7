"""The end of a unit of work: the work, its rows in the ledger and the commit go together."""

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import text

from playout.core.ledger.model import Subject
from playout.core.principal import OPERATOR
from playout.core.unit import Origin, WriteUnit
from playout.kit.errors import Unavailable
from playout.kit.ids import hex24

SUBJECT = Subject("test", "end", None)
HANG_UP = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE query LIKE '%the last to be heard%' AND pid <> pg_backend_pid()"
)


def number_of(runtime, slug: str) -> int:
    with runtime.database.reading() as session:
        return session.scalar(text("SELECT count(*) FROM slugs WHERE slug = :slug"), {"slug": slug})


@pytest.fixture
def take(runtime, make_video):
    """Takes a slug in a unit of work, and does something else before it ends."""
    statement = text("INSERT INTO slugs VALUES (:slug, :slug, 1, :video)")
    video = make_video()["id"]

    def take(slug: str, then: Callable[[WriteUnit], object]) -> None:
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            unit.session.execute(statement, {"slug": slug, "video": video})
            then(unit)

    return take


def refused(unit: WriteUnit) -> None:
    """Record what the database will not have."""
    unit.record(None, SUBJECT)  # type: ignore[arg-type]


def hang_up(runtime, unit: WriteUnit) -> None:
    """The database ends the connection that the unit works on."""
    unit.session.execute(text("SELECT 'the last to be heard'"))
    with runtime.database.reading() as session:
        assert session.scalar(HANG_UP)


class TestCommit:
    def test_a_row_of_the_ledger_that_is_refused_takes_the_work_back(self, runtime, take):
        slug = hex24()
        with pytest.raises(psycopg.errors.NotNullViolation):
            take(slug, refused)
        assert number_of(runtime, slug) == 0

    def test_the_connection_of_a_refused_commit_serves_the_next(self, runtime, take):
        for _ in range(runtime.settings.database_pool + 1):
            with pytest.raises(psycopg.errors.NotNullViolation):
                take(hex24(), refused)
        slug = hex24()
        take(slug, lambda unit: unit.record("tests.told", SUBJECT))
        assert number_of(runtime, slug) == 1

    def test_a_database_that_hangs_up_before_the_commit_is_unavailable(self, runtime, take):
        slug = hex24()
        with pytest.raises(Unavailable):
            take(slug, lambda unit: hang_up(runtime, unit))
        assert number_of(runtime, slug) == 0

    def test_connections_that_were_hung_up_serve_nobody_again(self, runtime, take):
        for _ in range(runtime.settings.database_pool + 1):
            with pytest.raises(Unavailable):
                take(hex24(), lambda unit: hang_up(runtime, unit))
        for _ in range(runtime.settings.database_pool + 1):
            take(hex24(), lambda unit: unit.record("tests.told", SUBJECT))
