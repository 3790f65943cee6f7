"""Versions of files that were replaced, and sources that replace at once."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "replaced_versions",
        sa.Column("version", sa.Uuid(), nullable=False),
        sa.Column("video_id", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["video_id"], ["videos.id"], name=op.f("fk_replaced_versions_video_id")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_replaced_versions")),
    )
    for column in ("video_id", "until"):
        op.create_index(op.f(f"ix_replaced_versions_{column}"), "replaced_versions", [column])
    for table in ("assets", "uploads"):
        op.add_column(
            table,
            sa.Column("replaces_at_once", sa.Boolean(), server_default="false", nullable=False),
        )
