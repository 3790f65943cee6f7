"""The sites that may show the videos of a project in a frame."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0023"


def upgrade() -> None:
    op.add_column(
        "projects",
        sa.Column("embed_sites", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
