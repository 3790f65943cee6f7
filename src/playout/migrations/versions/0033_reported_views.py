"""Views that other servers report, so that each is counted once."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "analytics_reported_views",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("view", sa.BigInteger(), nullable=False),
        sa.Column("watched_ms", sa.Integer(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "view", name=op.f("pk_analytics_reported_views")),
    )
