"""`make migration m="add a table"`: write the next revision.

It is the difference between the models and a new, migrated PostgreSQL, which is thrown away
afterwards. Read what Alembic wrote before you commit it: it does not see renamed columns, nor
changed CHECK constraints, and data is yours to move.
"""

import sys
import tempfile
from pathlib import Path

from playout.kit.database.embedded import EmbeddedPostgres
from playout.kit.database.engine import Database
from playout.kit.database.migrate import migrate, write_revision

SCRIPTS = Path(__file__).parent


def main(title: str) -> None:
    """Write a revision with that title; Alembic prints the path of its file."""
    with tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(Path(folder) / "postgres")
        database = Database(postgres.start(), pool=2)
        try:
            migrate(database, SCRIPTS)
            write_revision(database, SCRIPTS, title)
        finally:
            database.close()
            postgres.stop()


if __name__ == "__main__":
    main(sys.argv[1])
