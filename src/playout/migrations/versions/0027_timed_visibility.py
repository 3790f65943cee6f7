"""Changes of a video at a time, and videos that may not be downloaded."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027"
down_revision = "0025"

DUE = sa.text("deleted_at IS NULL AND turns_at IS NOT NULL")


def upgrade() -> None:
    for name in ("publish_at", "unpublish_at", "turns_at"):
        op.add_column("videos", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "videos", sa.Column("visibility_at", JSONB(), server_default="[]", nullable=False)
    )
    op.add_column(
        "videos", sa.Column("downloads", sa.Boolean(), server_default="true", nullable=False)
    )
    op.create_index("ix_videos_turns_at", "videos", ["turns_at"], postgresql_where=DUE)
    # A thread of each process does what this periodic job did.
    op.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'activations.tell'")
