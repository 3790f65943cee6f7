"""The migrated database is the one that the models describe."""

import threading

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, text

from playout.kit.db import Model
from playout.kit.migrate import migrate
from playout.main import MIGRATIONS

ELSEWHERE = ("procrastinate_", "installation", "alembic_version")
CHECKS = text("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid > 16383")


def ours(thing, name, kind, reflected, compared_to) -> bool:
    return kind != "table" or not name.startswith(ELSEWHERE)


class TestSchema:
    def test_the_models_equal_what_the_migrations_made(self, runtime):
        with runtime.database.engine.connect() as connection:
            context = MigrationContext.configure(
                connection,
                opts={"compare_type": True, "compare_server_default": True, "include_object": ours},
            )
            assert compare_metadata(context, Model.metadata) == []

    def test_each_list_of_values_is_checked_by_the_database(self, runtime):
        with runtime.database.engine.connect() as connection:
            present = set(connection.scalars(CHECKS))
        wanted = {
            constraint.name
            for table in Model.metadata.tables.values()
            for constraint in table.constraints
            if isinstance(constraint, CheckConstraint)
        }
        assert wanted
        assert wanted <= present

    def test_migrating_again_by_many_at_once_changes_nothing(self, runtime):
        errors = []

        def again() -> None:
            try:
                migrate(runtime.database, MIGRATIONS)
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=again) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
