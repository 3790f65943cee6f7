"""Renditions of what plays, how far each ladder of them is, and what was told of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    ladder = _one_of("ladderstate", "waiting", "working", "ready", "failed")
    for column in (
        sa.Column("mp4_version", sa.Uuid(), nullable=True),
        sa.Column("loudness", sa.Float(), nullable=True),
        sa.Column("ladder", ladder, nullable=True),
        sa.Column("ladder_claim", sa.Uuid(), nullable=True),
        sa.Column("ladder_progress", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("ladder_reason", sa.Text(), nullable=True),
    ):
        op.add_column("assets", column)
    op.create_index(op.f("ix_videos_asset_id"), "videos", ["asset_id"])
    op.create_table(
        "renditions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", _one_of("kind", "video", "audio"), nullable=False),
        sa.Column("codecs", sa.Text(), nullable=False),
        sa.Column("bandwidth", sa.BigInteger(), nullable=False),
        sa.Column("average_bandwidth", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("fps", sa.Float(), nullable=True),
        sa.Column("channels", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("head_end", sa.BigInteger(), nullable=False),
        sa.Column("index_end", sa.BigInteger(), nullable=False),
        sa.Column("timescale", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("duration", sa.Float(), nullable=False),
        sa.Column("segment_ticks", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("segment_sizes", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_renditions_asset_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renditions")),
        sa.UniqueConstraint("asset_id", "name", name=op.f("uq_renditions_asset_id_name")),
    )
    standing = _one_of("distributionstatus", "pending", "packaging", "ready", "failed")
    op.add_column(
        "distributions",
        sa.Column("announced", standing, server_default="pending", nullable=False),
    )
    op.create_index(op.f("ix_renditions_folder_name"), "renditions", ["folder", "name"])
