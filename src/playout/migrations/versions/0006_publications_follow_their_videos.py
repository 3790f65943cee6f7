"""A publication holds what was said of it; where nothing was, its video speaks for it."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for column in ("title", "tags"):
        op.alter_column("publications", column, nullable=True)
