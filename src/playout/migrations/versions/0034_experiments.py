"""Experiments, what their units did, and the looks of pages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "experiments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("video_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("goal", _enum("goal", ("play", "complete", "cta")), nullable=False),
        sa.Column("variants", JSONB(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("winner", sa.Text(), nullable=True),
        sa.Column("counted_through", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        _foreign_key("experiments", "video_id", "videos.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiments")),
    )
    op.create_index(op.f("ix_experiments_video_id_id"), "experiments", ["video_id", "id"])
    op.create_index(
        "ix_experiments_running",
        "experiments",
        ["video_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "page_looks",
        sa.Column("video_id", sa.BigInteger(), nullable=False),
        sa.Column("look", JSONB(), nullable=False),
        _foreign_key("page_looks", "video_id", "videos.id"),
        sa.PrimaryKeyConstraint("video_id", name=op.f("pk_page_looks")),
    )
    op.create_table(
        "experiment_counts",
        sa.Column("experiment_id", sa.BigInteger(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("units", "play", "complete", "cta")
        ),
        _foreign_key("experiment_counts", "experiment_id", "experiments.id"),
        sa.PrimaryKeyConstraint(
            "experiment_id", "variant", "day", name=op.f("pk_experiment_counts")
        ),
    )


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _foreign_key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
