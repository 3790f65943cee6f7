"""The migrations make the schema that the models describe."""

import shutil
import subprocess
import sys
import threading

from alembic import command
from sqlalchemy import CheckConstraint, text

from playout.kit.database.engine import Model
from playout.kit.database.migrate import alembic_config, migrate
from playout.main import MIGRATIONS

CHECKS = text("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid > 16383")
WRITE_REVISION = """
import sys
from pathlib import Path
from sqlalchemy.orm import Mapped, mapped_column
from playout.kit.database.engine import Database, Model
from playout.kit.database.migrate import write_revision

class Color(Model):
    __tablename__ = "colors"
    id: Mapped[int] = mapped_column(primary_key=True)

write_revision(Database(sys.argv[1], 1), Path(sys.argv[2]), "add colors")
"""


class TestSchema:
    def test_models_and_migrations_agree(self, runtime):
        with runtime.database.engine.connect() as connection:
            command.check(alembic_config(MIGRATIONS, connection))

    def test_each_list_of_values_is_checked_by_the_database(self, runtime):
        with runtime.database.engine.connect() as connection:
            present = set(connection.scalars(CHECKS))
        expected = {
            constraint.name
            for table in Model.metadata.tables.values()
            for constraint in table.constraints
            if isinstance(constraint, CheckConstraint)
        }
        assert expected
        assert expected <= present

    def test_migrating_again_in_many_threads_at_once_changes_nothing(self, runtime):
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


class TestWriteRevision:
    def test_it_has_the_next_number_and_only_what_is_new(self, runtime, tmp_path):
        # In a process that imported no model: the environment of Alembic must know them all.
        scripts = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, scripts)
        subprocess.run(
            [sys.executable, "-c", WRITE_REVISION, runtime.database.url, str(scripts)],
            check=True,
            capture_output=True,
        )
        last = max(path.name for path in MIGRATIONS.glob("versions/0*.py"))
        number = f"{int(last[:4]) + 1:04}"
        written = (scripts / "versions" / f"{number}_add_colors.py").read_text()
        assert f"revision = '{number}'" in written
        assert f"down_revision = '{last[:4]}'" in written
        assert written.count("op.") - written.count("op.f(") == 1
        assert "op.create_table('colors'" in written
