"""The language that a person chose for the console."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.add_column("users", sa.Column("language", sa.Text(), nullable=True))
