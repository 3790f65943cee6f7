"""Experiments on the pages of shares and guest links, and their visitors under that name."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0039"


def upgrade() -> None:
    op.add_column("experiments", sa.Column("page", sa.Text(), nullable=True))
    op.add_column("experiments", sa.Column("project_id", sa.BigInteger(), nullable=True))
    op.add_column("experiments", sa.Column("channel", _channel(), nullable=True))
    op.execute("UPDATE experiments SET page = 'watch:' || video_id")
    op.alter_column("experiments", "page", nullable=False)
    op.alter_column("experiments", "video_id", nullable=True)
    op.create_foreign_key(
        op.f("fk_experiments_project_id"),
        "experiments",
        "shares",
        ["project_id", "channel"],
        ["project_id", "channel"],
    )
    op.drop_index("ix_experiments_running", "experiments")
    op.create_index(
        "ix_experiments_running",
        "experiments",
        ["page"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        op.f("ix_experiments_project_id_channel_id"),
        "experiments",
        ["project_id", "channel", "id"],
    )
    op.alter_column("experiment_counts", "units", new_column_name="visitors")
    op.add_column("page_looks", sa.Column("page", sa.Text(), nullable=True))
    op.execute("UPDATE page_looks SET page = 'watch:' || video_id")
    op.drop_column("page_looks", "video_id")
    op.create_primary_key(op.f("pk_page_looks"), "page_looks", ["page"])
    op.create_table(
        "experiment_links",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("link_id", sa.BigInteger(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("play", "complete", "cta")),
        _foreign_key("experiment_id", "experiments.id"),
        _foreign_key("link_id", "guest_links.id"),
        sa.PrimaryKeyConstraint("experiment_id", "link_id", name=op.f("pk_experiment_links")),
    )


def _channel() -> sa.Enum:
    names = ("DEV", "STAGING", "PROD")
    return sa.Enum(*names, name="channel", native_enum=False, create_constraint=True, length=32)


def _foreign_key(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_experiment_links_{column}"))
