"""Sources that are assembled of sections."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("assets", sa.Column("sections", postgresql.JSONB(), nullable=True))
